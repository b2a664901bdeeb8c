dist_doc_DATA = README.md \
	doc/architecture.md \
	doc/dependencies.md \
	doc/exit-status.md \
	doc/from.md \
	doc/policy.md \
	doc/policy.schema.json \
	doc/report.md \
	doc/report.schema.json
dist_man_MANS = doc/sendas.1
EXTRA_DIST += LICENSE examples/biglobe.json
