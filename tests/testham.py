"""A tiny invented partnership, Testham, as the tables that a user would write.

Holds: its `partnership.toml` and tables as text, and a function that writes them to a folder, each
table replaced, added or left out as a test wants. Leaves out: anything that reads them.
"""

from pathlib import Path

ABOUT = """\
[partnership]
name = "Testham Together"
topic = "domestic abuse"
area = "testham"
publisher = "Testham Council"
historical = true

[[sources]]
id = "report"
title = "Report on services"
kind = "report"
date = "2012-09-06"
"""

TABLES = {
    "source_parts": """\
id,name,kind,source
part-1,paragraph 1,paragraph,report
part-2,paragraph 2,paragraph,report
part-10,paragraph 10,paragraph,report
""",
    "areas": """\
id,name,within,source,place,basis
testshire,Testshire,,report,paragraph 1,stated
testham,Testham,testshire,report,paragraph 1,stated
testham-east,Testham East,testham,report,paragraph 1,stated
farham,Farham,,report,paragraph 1,stated
""",
    "agencies": """\
id,name,also called,sector,source,place,basis
council,Testham Council,The council; TC,local authority,report,paragraph 1,stated
charity,Testham Haven,,voluntary,report,paragraph 1; paragraph 2,stated
""",
    "posts": """\
id,name,agency,filled,source,place,basis
adviser,Housing adviser,charity,filled,report,paragraph 2,stated
""",
    "services": """\
id,name,type,needs,area,standing,opened,source,place,basis,ground
refuge,Haven refuge,Refuge,Safe accommodation,testham,operating,2012-05,report,paragraph 2,stated,
advice,Advice line,Helpline,Information and a way in,testshire,operating,,report,paragraph 2,stated,
far,Farham refuge,Refuge,Safe accommodation,farham,operating,,report,paragraph 10,inferred,Named as an example.
""",  # noqa: E501
    "funds": """\
id,name,held by,source,place,basis
grant,Haven grant,council,report,paragraph 10,stated
""",
    "awards": """\
id,fund,pays for,status,amount,period as given,period,source,place,basis
grant-refuge,grant,refuge,secured,30000,until the end of March 2013,../2013-03,report,paragraph 10,stated
""",  # noqa: E501
    "provisions": """\
id,agency,role,service,source,place,basis
charity-refuge,charity,provides,refuge,report,paragraph 2,stated
council-advice,council,provides,advice,report,paragraph 2,stated
""",
    "reaches": """\
id,service,group,strength,source,place,basis
refuge-women,refuge,Women who are victims,specialist,report,paragraph 2,stated
advice-all,advice,All residents,open to all,report,paragraph 2,stated
""",
    "gaps": """\
id,name,kind of gap,groups,needs,source,place,basis
gap-lgbt,LGBT victims are not reached,not reached,LGBT victims,,report,paragraph 10,stated
""",
}


def write_tables(
    root: Path, slug: str = "testham", about: str = ABOUT, **tables: str | None
) -> Path:
    """Write the partnership's folder below `root`; a table given as None is left out."""
    folder = root / slug
    folder.mkdir(parents=True)
    (folder / "partnership.toml").write_text(about, encoding="utf-8")
    for name, text in {**TABLES, **tables}.items():
        if text is not None:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder
