dist_doc_DATA = README.md \
	doc/architecture.md \
	doc/dependencies.md \
	doc/doctor.md \
	doc/exit-status.md \
	doc/from.md \
	doc/performance.md \
	doc/policy.md \
	doc/policy.schema.json \
	doc/report.md \
	doc/report.schema.json \
	doc/users.md
dist_man_MANS = doc/sendas.1
EXTRA_DIST += LICENSE examples/biglobe.json
