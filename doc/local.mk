dist_doc_DATA = README.md \
	doc/architecture.md \
	doc/dependencies.md \
	doc/exit-status.md \
	doc/from.md \
	doc/policy.md \
	doc/policy.schema.json \
	doc/report.md \
	doc/report.schema.json
EXTRA_DIST += LICENSE
