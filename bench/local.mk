# Measurements, by hand: doc/performance.md. `make bench-programs` builds what
# bench/audit.sh needs; no other target does.
EXTRA_PROGRAMS = bench/floor bench/journal bench/usage
CLEANFILES += $(EXTRA_PROGRAMS)
.PHONY: bench-programs
bench-programs: $(EXTRA_PROGRAMS)

bench_floor_SOURCES = bench/floor.c
bench_floor_LDADD = $(sendas_libs)
bench_journal_SOURCES = bench/journal.c
bench_journal_LDADD = $(sendas_libs)
bench_usage_SOURCES = bench/usage.c

EXTRA_DIST += bench/audit.sh \
	bench/server/google.lua \
	bench/server/nginx.conf.in
