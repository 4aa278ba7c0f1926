"""`python -m modelwatch.cli`."""

import sys

from modelwatch.cli.main import main

sys.exit(main())
