"""A made-up lever and a made-up model go in by the files ARCHITECTURE.md names.

The package is copied, the files are added or changed there, and the copy must work
end to end: table of levers, YAML, solve, attribution, command line.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLAN = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")

LEVER = '''
"""A levy on freight."""

import dataclasses
from typing import ClassVar

from toolkit.levers.base import FlowLever
from toolkit.schema import check_share


@dataclasses.dataclass(frozen=True, kw_only=True)
class FreightLevy(FlowLever):
    """Add a levy to the cost of shipping."""

    by: float = 0.0

    summary: ClassVar[str] = "a levy on freight"
    unit: ClassVar[str] = "share of the border price"
    default_source: ClassVar[str] = "none: made up"

    def _check(self):
        self._set("by", check_share(self.by, "by"))

    def sentence(self):
        return f"Levy of {self.by:g} on {self._flow()}"
'''

EFFECT = '''
"""Effect of a levy on freight."""

import numpy as np

from toolkit.market.effect import Effect


def freight_levy(lever, flows):
    found = flows.match(lever.importer, lever.exporter, lever.prefixes)
    return Effect(found, {"settlement": np.full(len(found), 1.0 + lever.by)})
'''

MODEL = '''
"""Trade that moves one for one with the buyer's price, whatever the rivals do."""

import dataclasses
from typing import ClassVar

import numpy as np

from toolkit.market.channels import DUTIES
from toolkit.models.accounts import Outcome, Residual
from toolkit.models.partial import PartialEquilibrium


@dataclasses.dataclass(frozen=True, eq=False)
class UnitElastic(PartialEquilibrium):
    name: ClassVar[str] = "Unit elastic"
    carries: ClassVar[frozenset[str]] = DUTIES | {"settlement"}

    def outcome(self, shock, parameters):
        price = shock.wedge
        flows = shock.flows
        index = flows.total(flows.share * price)
        return Outcome(
            value=flows.value / price,
            quantity=1.0 / price,
            consumer_price=price,
            producer_price=np.ones_like(price),
            index=index,
            consumer_surplus=-flows.spending * np.log(index),
            residuals=(Residual("none", np.zeros(price.shape[:-1])),),
        )
'''

TRIAL = """
import numpy as np
import toolkit as tk
from toolkit.__main__ import main
base = tk.load_baseline()
levy = tk.FreightLevy(importer="IND", exporter="RUS", products="2709", by=0.25)
cut = tk.TariffCut(importer="RUS", exporter="IND", to=0.0)
deal = tk.Scenario("levy", [levy, cut])
deal.to_yaml("levy.yaml")
assert tk.Scenario.from_yaml("levy.yaml").levers == deal.levers
assert "FreightLevy" in tk.levers.table().index
for model in (tk.Armington(), tk.UnitElastic()):
    result = model.solve(base, deal)
    assert result.check()["holds"].all()
    change = result.balance()["change"]["balance"]
    table = tk.attribute(model, base, deal)
    assert abs(table["balance"].sum() - change) < 1e-6
crude = base.suppliers("IND", "2709").loc["RUS", "value_usd_mn"]
gap = change - table["balance"].iloc[1] - 0.2 * crude
assert abs(gap) < 1e-6, gap
assert main(["run", "levy.yaml", "--model", "unit"]) == 0
"""


def named(heading):
    """Return the paths under a heading's bullet in ARCHITECTURE.md."""
    (text,) = re.findall(rf"- \*\*{heading}\*\*(.*?)(?:\n- \*\*|\n\n)", PLAN, re.DOTALL)
    return {
        path.replace("NAME", "made_up") for path in re.findall(r"`(\S+\.py)`", text)
    }


def insert(path, before, line):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, line + before, 1), encoding="utf-8")


def add_lever(root):
    """Write the lever's files; return their paths."""
    (root / "toolkit/levers/made_up.py").write_text(LEVER.lstrip())
    kinds, effects = "toolkit/levers/__init__.py", "toolkit/market/effects.py"
    line = "from toolkit.levers.made_up import FreightLevy\n"
    insert(root / kinds, "from toolkit.levers.tariffs", line)
    insert(
        root / kinds, "    TariffCut,\n    FreeTradeAgreement,\n", "    FreightLevy,\n"
    )
    (root / "toolkit/market/made_up.py").write_text(EFFECT.lstrip())
    line = "from toolkit.market.made_up import freight_levy\n"
    insert(root / effects, "from toolkit.scenario", line)
    insert(
        root / effects, "    kinds.TariffCut:", "    kinds.FreightLevy: freight_levy,\n"
    )
    insert(
        root / "toolkit/__init__.py", "    FreeTradeAgreement,\n", "    FreightLevy,\n"
    )
    made = ("toolkit/levers/made_up.py", "toolkit/market/made_up.py")
    return {*made, kinds, effects, "toolkit/__init__.py"}


def add_model(root):
    """Write the model's files; return their paths."""
    (root / "toolkit/models/made_up.py").write_text(MODEL.lstrip())
    rooms = "toolkit/models/__init__.py"
    line = "from toolkit.models.made_up import UnitElastic\n"
    insert(root / rooms, "from toolkit.models.smart", line)
    insert(root / rooms, '    "smart": Smart,', '    "unit": UnitElastic,\n')
    top = "toolkit/__init__.py"
    insert(root / top, "from toolkit.models import", line)
    return {"toolkit/models/made_up.py", rooms, top}


def test_a_made_up_lever_and_model_touch_only_the_files_named(tmp_path):
    shutil.copytree(
        ROOT / "toolkit", tmp_path / "toolkit", ignore=shutil.ignore_patterns("__pyc*")
    )
    (tmp_path / "data").symlink_to(ROOT / "data")
    assert add_lever(tmp_path) == named("A lever")
    assert add_model(tmp_path) == named("A model")
    done = subprocess.run(
        [sys.executable, "-c", TRIAL],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
