libsendas_a_SOURCES += \
	src/app/answers.c \
	src/app/apply.c \
	src/app/ask.c \
	src/app/audit.c \
	src/app/csv_head.c \
	src/app/doctor.c \
	src/app/execute.c \
	src/app/fix.c \
	src/app/fleet.c \
	src/app/from.c \
	src/app/guide.c \
	src/app/passwords_file.c \
	src/app/plan.c \
	src/app/plan_file.c \
	src/app/plan_file_line.c \
	src/app/plan_file_write.c \
	src/app/probe.c \
	src/app/questions.c \
	src/app/record.c \
	src/app/run.c \
	src/app/select.c \
	src/app/session.c \
	src/app/signin.c \
	src/app/undo.c \
	src/app/users.c
