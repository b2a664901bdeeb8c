libsendas_a_SOURCES += \
	src/app/apply.c \
	src/app/audit.c \
	src/app/fix.c \
	src/app/fleet.c \
	src/app/from.c \
	src/app/plan.c \
	src/app/run.c \
	src/app/select.c \
	src/app/session.c
