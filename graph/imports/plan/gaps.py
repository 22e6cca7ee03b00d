"""Which kind of gap a text tells of, by its words; and whether it tells of one at all.

Only a kind that the text plainly says is chosen. What merely wants something improved is an action
and no gap.
"""

import re

_KINDS: tuple[tuple[str, str], ...] = (
    (
        "money in danger",
        r"\b(?:reduc\w+ (?:in |of )?fund\w*|fund\w* (?:cuts?|end\w*|cease\w*|at risk|"
        r"(?:has |is |have )?not (?:been )?secured)|(?:risk|loss|lack) of (?:reduced )?fund\w*|"
        r"fund\w* .{0,40}\bat risk|not (?:been )?secured beyond|short-?term funding|"
        r"budget cuts?|continued .{0,40}funding)\b",
    ),
    (
        "not reached",
        r"\b(?:(?:do(?:es)?|did|are|is|were) ?n[o'’]t (?:be(?:ing)? )?reach\w*|"
        r"not (?:being )?reach\w*|hard to reach|fail\w* to reach|under-?represented|"
        r"low (?:take-?up|"
        r"engagement) (?:by|from|among))\b",
    ),
    (
        "uneven",
        r"\b(?:imbalance|inequit\w+|uneven|postcode lottery|inconsisten\w+ (?:provision|"
        r"access|service)|variation in|patchy|unequal)\b",
    ),
    (
        "shortage",
        r"\b(?:shortages?|insufficient (?!specialist)|waiting (?:lists?|times?)|"
        r"over-?subscribed|not enough|too few|limited (?:capacity|availability|number|supply|"
        r"provision|access)|lack of (?:\w+ ){0,3}(?:accommodation|housing|beds?|places|capacity|"
        r"provision|units|homes|supply|support|services)|exceeds? (?:supply|capacity)|"
        r"gaps? (?:in|relating to) (?:the )?(?:\w+ ){0,2}(?:provision|service|support))\b",
    ),
    (
        "not specialist",
        r"\b(?:(?:insufficient|lack of|no|few) (?:\w+ )?specialist|"
        r"not specialist)\b",
    ),
    (
        "no service",
        r"\b(?:(?:there (?:is|are) )?no (?:\w+[ -]){0,3}(?:services?|provision|"
        r"programmes?|refuges?|hostels?|clinics?|shelter|accommodation|support|detox|beds?|"
        r"pathway for)(?! (?:user|data|plan|data))|absence of (?:any )?(?:\w+ ){0,3}(?:service|"
        r"provision|support)|does not (?:exist|provide))\b",
    ),
    (
        "protocol missing",
        r"\b(?:(?:no|lack of|absence of|need (?:for )?an? (?:\w+ )?|"
        r"without an?) ?(?:\w+ ){0,3}(?:protocol|policy|policies|procedure|process(?:es)?|"
        r"agreement)|"
        r"no (?:agreed|formal|clear|consistent)|(?:need )?(?:an )?appropriate response)\b",
    ),
    (
        "unclear pathway",
        r"\b(?:pathways?|(?:do(?:es)? not|don'?t) know (?:where|how|who)|"
        r"confus\w+|signposting|route into)\b",
    ),
    (
        "contract oversight",
        r"\b(?:contracts? (?:need|are|is|must|not)\b.{0,40}(?:monitor|manage)|"
        r"monitoring of contracts?|contract (?:monitoring|management))\b",
    ),
    ("data", r"\b(?:data|statistics|recording|figures|information sharing|intelligence)\b"),
    ("training", r"\b(?:train(?:ing|ed)|skills?|upskill\w*|workforce)\b"),
    (
        "leadership",
        r"\b(?:leadership|coordinat\w+|co-ordinat\w+|strategic (?:lead|manager|"
        r"oversight)|governance|accountab\w+|forum|manager|ownership|vacan\w+|champion)\b",
    ),
    (
        "strategy or plan",
        r"\b(?:strateg(?:y|ies)|action plan|comms plan|plan of|"
        r"(?:communications|delivery) plan|out of date|needs? (?:updating|refresh\w*))\b",
    ),
    (
        "engagement",
        r"\b(?:engag\w+|consult\w+|lived experience|voice|co-?produc\w+|"
        r"service users?|survivors)\b",
    ),
    ("low use", r"\b(?:low use|under-?used|few (?:requests|referrals)|take-?up)\b"),
    ("problem solving", r"\bproblem[ -]solving|(?:work|working) in silos|joint working\b"),
    ("awareness", r"\b(?:awareness|publicity|campaign|promot\w+|public understanding|stigma)\b"),
    ("quality", r"\b(?:quality|standards?|attitudes?|trauma[ -]informed|judg\w+|dignity)\b"),
    ("prevention", r"\b(?:prevent\w*|education|schools?|early (?:help|intervention))\b"),
    ("blockage", r"\b(?:block\w*|move[ -]on|bottleneck|delays?|barriers?|bureaucra\w+|silt\w*)\b"),
    (
        "knowledge",
        r"\b(?:unknown|not known|understand\w*|map\w*|analys\w+|evidence|"
        r"needs? assessment|extent|scope|unclear|profile)\b",
    ),
)
_COMPILED = tuple((kind, re.compile(form, re.IGNORECASE)) for kind, form in _KINDS)
_LACK = re.compile(
    r"\b(?:shortages?|insufficient|imbalance|lack(?:s|ing)? (?:of|in)|does ?n[o'’]t reach|"
    r"no protocol|"
    r"(?:there (?:is|are) (?:currently )?(?:no|not enough|few|recognised gaps|limited))|"
    r"not reach\w*|"
    r"reduction in (?:funding|capacity|staff)|risk of (?:reduced|loss|losing|closure)|"
    r"waiting (?:lists?|times)|unmet need|over-?subscribed|gaps? (?:in|relating to|identified|for)|"
    r"continued .{3,40} funding|uneven|patchy|absence of|"
    r"(?:unable|not possible|not been possible) to (?:establish|identify|say|measure)|"
    r"(?:has|have) not been secured|no (?:\w+ ){1,3}(?:data|service|services|provision|programme|"
    r"programmes|processes?|policy|pathway) (?:is|are|in|for|at|to|exists?)|do(?:es)? not have|"
    r"extent of [\w -]{3,40} (?:is )?unknown)",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"\b(?:identify|find|explore|review|scope|map|address(?:es)? any|fill(?:ing)?|those|any|"
    r"where the)\b[^.;]{0,60}\bgaps?\b",
    re.I,
)
_MENDED = re.compile(r"\bwaiting|\bfund|\breduc|\bgaps?\b|\bincrease", re.IGNORECASE)
_GOOD = re.compile(
    r"\b(?:rectified|resolved|no longer (?:a|an)|has (?:now )?been addressed)\b", re.I
)


def gap_kind(text: str) -> tuple[str, bool]:
    """The kind of a gap by the first words that tell one, and whether any did."""
    for kind, form in _COMPILED:
        if form.search(text):
            return kind, True
    return "knowledge", False


def tells_of_a_gap(text: str, *, reported: bool = False) -> bool:
    """Whether a text outside a column of gaps says that something is lacking.

    What is `reported` as progress may be about a lack that is being mended; there only plain words
    for one count.
    """
    lacking = bool(_LACK.search(text)) and not _WANTS.search(text) and not _GOOD.search(text)
    return lacking and not (reported and _MENDED.search(text))
