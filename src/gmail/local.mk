libsendas_a_SOURCES += \
	src/gmail/google_error.c \
	src/gmail/send_as.c
