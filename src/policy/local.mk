libsendas_a_SOURCES += \
	src/policy/after.c \
	src/policy/bounce.c \
	src/policy/bounce_meaning.c \
	src/policy/builtin.h \
	src/policy/explain.c \
	src/policy/names.c \
	src/policy/policy.c \
	src/policy/policy_file.c \
	src/policy/rules.c \
	src/policy/rules_named.c \
	src/policy/steps.c \
	src/policy/trusted.c

# The policies that are built into the program.
builtin_policies = $(top_srcdir)/policies/ocn.json
nodist_libsendas_a_SOURCES += src/policy/builtin.c
src/policy/builtin.c: $(builtin_policies) $(top_srcdir)/tools/embed.sh
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(SHELL) $(top_srcdir)/tools/embed.sh $(builtin_policies) > $@.tmp && \
	mv $@.tmp $@
CLEANFILES += src/policy/builtin.c
EXTRA_DIST += policies/ocn.json
