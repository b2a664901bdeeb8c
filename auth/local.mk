libsendas_a_SOURCES += \
	auth/assertion.c \
	auth/auth.c \
	auth/credentials.c \
	auth/credentials_find.c \
	auth/delegation.c \
	auth/oauth2_glue.c \
	auth/token.c
