# Long or rare work; what must hold before a change lands is in .ci/run.
PYTHON ?= python
MINUTES ?= 60

.PHONY: fuzz dependencies

fuzz: ## fuzz every reader with atheris for $(MINUTES) minutes
	$(PYTHON) -m fuzz.long --minutes $(MINUTES)

dependencies: ## known vulnerabilities of what cardlint and its extras install (pip-audit asks the advisory database)
	$(PYTHON) -m pip_audit --progress-spinner off .
