"""An import that takes seconds, put off until what it imports is called."""

import subprocess
import sys

import pytest


def run(code):
    """Run code in a fresh process and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.split()


def test_papermill_is_imported_without_the_grammars():
    """What takes seconds is left out, and what was put in its place is gone."""
    code = "from petitionlib._kernel.lazy_imports import deferred_grammars\n"
    code += "with deferred_grammars():\n    import papermill\n"
    code += "import sys\nprint('jsonschema' in sys.modules, 'rfc3987_syntax' in sys.modules)"
    assert run(code) == ["True", "False"]


def test_addresses_are_checked_as_before():
    """The first check loads the grammars, and gives the verdict that it always gave."""
    code = "from petitionlib._kernel.lazy_imports import deferred_grammars\n"
    code += "with deferred_grammars():\n    from jsonschema import Draft202012Validator as Draft\n"
    code += "check = Draft({'format': 'iri'}, format_checker=Draft.FORMAT_CHECKER).is_valid\n"
    code += "print(check('http://a.example/ç'), check('not an address'))"
    assert run(code) == ["True", "False"]


def test_durations_are_checked_as_before():
    """What reads durations is loaded when one is checked, and not before."""
    code = "import sys\nfrom petitionlib._kernel.lazy_imports import deferred_grammars\n"
    code += "with deferred_grammars():\n    from jsonschema import Draft202012Validator as Draft\n"
    code += "print('arrow.arrow' in sys.modules)\n"
    code += "check = Draft({'format': 'duration'}, format_checker=Draft.FORMAT_CHECKER).is_valid\n"
    code += "print(check('P1DT12H'), check('a day and a half'))\n"
    code += "import arrow\nprint(arrow.get('2022-01-31').year, 'arrow.arrow' in sys.modules)"
    assert run(code) == ["False", "True", "False", "2022", "True"]


@pytest.mark.parametrize("name", ["arrow", "rfc3986_validator", "rfc3987_syntax"])
def test_a_module_put_off_is_the_real_one_for_others(name):
    """Whoever imports it by name later gets it as it is."""
    code = "from petitionlib._kernel.lazy_imports import deferred_grammars\n"
    code += f"with deferred_grammars():\n    import jsonschema\nimport {name}\n"
    code += f"print({name}.__file__.split('/')[-2:])"
    plain = f"import {name}\nprint({name}.__file__.split('/')[-2:])"
    assert run(plain) == run(code)


def test_a_module_that_is_imported_already_stays():
    """Nothing is done where there is nothing to put off."""
    code = "import jsonschema, sys\nbefore = sys.modules.get('rfc3987_syntax')\n"
    code += "from petitionlib._kernel.lazy_imports import deferred_grammars\n"
    code += "with deferred_grammars():\n    pass\n"
    code += "print(sys.modules.get('rfc3987_syntax') is before)"
    assert run(code) == ["True"]
