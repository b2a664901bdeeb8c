libsendas_a_SOURCES += \
	src/store/journal.c \
	src/store/journal_db.c \
	src/store/journal_file.c \
	src/store/journal_inside.h \
	src/store/journal_lock.c \
	src/store/journal_purge.c \
	src/store/journal_read.c \
	src/store/journal_rows.c \
	src/store/journal_schema.c \
	src/store/journal_sql.c \
	src/store/journal_write.c \
	src/store/progress.c
