libsendas_a_SOURCES += \
	src/store/progress.c
