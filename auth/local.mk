libsendas_a_SOURCES += \
	auth/assertion.c \
	auth/auth.c \
	auth/credentials.c \
	auth/credentials_find.c \
	auth/delegation.c \
	auth/landing.c \
	auth/login.c \
	auth/loopback.c \
	auth/oauth2_glue.c \
	auth/redirect.c \
	auth/token.c \
	auth/token_store.c
