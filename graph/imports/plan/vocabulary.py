"""Words by which a name of an organisation, a post or a person is told from the others, by form.

None of them is taken from a document. Given names are the common ones of this country; what is a
place, a month or an everyday word as well stands in `AMBIGUOUS`, and counts only before a surname.
"""


def words_of(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


POSTS = words_of(
    "manager managers officer officers coordinator coordinators co-ordinator co-ordinators "
    "director directors lead leads leader chair chairs chairperson chairman chairwoman head "
    "heads chief executive executives exec analyst analysts worker workers adviser "
    "advisers advisor advisors commissioner commissioners secretary representative "
    "representatives practitioner practitioners midwife midwives nurse nurses superintendent "
    "inspector sergeant constable councillor councillors holder administrator clerk champion "
    "champions supervisor ambassador consultant psychologist trainer trainers navigator "
    "navigators envoy mayor member portfolio registrar solicitor treasurer dci di ds acc spoc "
    "gp gps president principal headteacher"
)
BODIES = words_of(
    "board boards group groups forum forums committee committees partnership partnerships "
    "network networks conference panel panels executive subgroup sub-group taskforce assembly "
    "alliance consortium cabinet steering collaborative"
)
TEAMS = words_of(
    "team teams service services unit units department departments directorate directorates "
    "trust trusts centre centres council councils association associations authority "
    "authorities agency agencies police hospital hospitals house project projects charity "
    "charities foundation society union federation hub office offices school schools college "
    "university academy provider providers company ltd limited cic programme programmes scheme "
    "refuge hostel shelter support probation court courts prison constabulary force ccg nhs icb "
    "surgery clinic pharmacy church institute library line helpline division section commission "
    "ministry bureau magistrates"
)
HEADS = BODIES | TEAMS
COLLECTIVES = HEADS - {"support", "police", "probation", "council", "school", "schools", "hospital"}
"""What two words joined by "and" may have in common: Health and Wellbeing Board."""
PLACES = words_of(
    "north south east west northern southern eastern western central upper lower great new old "
    "road street park hill lane avenue gate green bridge wood field fields hall castle valley "
    "county borough city town district village region regional national local england wales "
    "scotland ireland britain kingdom uk country midlands saint st county parish ward river sea "
    "upon shire london"
)
TOPICS = words_of(
    "community communities safety public health adult adults adults' social care children "
    "children's childrens child young people people's youth family families housing homeless "
    "homelessness domestic abuse violence violent sexual assault rape safeguarding learning "
    "development strategic strategy operational delivery commissioning commissioned performance "
    "management contracts contract education early help intervention prevention crime justice "
    "criminal offender offenders victim victims witness women women's womens men men's girls "
    "survivors survivor mental wellbeing well-being alcohol drug drugs substance misuse modern "
    "slavery human trafficking exploitation immigration asylum refugee refugees migrant "
    "migrants welfare benefits revenues legal finance financial communications comms media "
    "marketing training human resources workforce equality equalities diversity inclusion black "
    "minority ethnic asian disability disabled lgbt lgbtq faith interfaith voluntary sector "
    "third private statutory multi-agency multi agency task finish working steering joint "
    "integrated services support independent specialist advisory advice accommodation tenancy "
    "landlord landlords property environmental environment planning licensing trading standards "
    "enforcement neighbourhood neighbourhoods anti-social antisocial behaviour emergency "
    "accident fire rescue ambulance acute primary secondary clinical nursing maternity "
    "midwifery psychiatric psychology addiction recovery treatment outreach street rough "
    "sleeping sleepers employment skills work jobs job centre jobcentre plus citizens citizen "
    "advice data information intelligence analysis research policy quality assurance audit "
    "governance democratic corporate customer complaints digital ict it project programme "
    "programmes improvement transformation change partnership partnerships partner partners "
    "lead senior deputy assistant vice interim acting area hate stalking harassment fgm forced "
    "marriage honour based private rented supported temporary emotional practical protection "
    "vulnerable hospital discharge prison probation police home department prosecution crown "
    "court civil foster looked after care leavers transitions assessment review reviews "
    "procurement brokerage grants investment economic economy economics growth regeneration "
    "culture leisure sports sport libraries museums transport highways waste parks open spaces "
    "estates estate tenant tenants resident residents leaseholder repairs troubled stronger "
    "supporting troubled gap universal complex needs freedom champion champions awareness week "
    "day plan action group forum board committee all the of for and to in on at by with a an or "
    "as our their this that existing new free first second next one two three four sub former "
    "current no not other various each every full part complete ongoing done tbc"
)
GIVEN = words_of(
    "aaron abdi abdul abigail adam adele adeola adrian adunni agnes agnieszka "
    "ahmed aidan aileen aisha akash alan alastair albert alec alex alexander alexandra alexis "
    "alfie alfred ali alice alicia alison alistair allan allison alma alun amanda amar amara "
    "amarjit amber amelia amina amir amit amy ana anand andrea andrei andrew andrzej "
    "andy angela angie anil anita anjali anjum ann anna annabel anne annette annie anthony "
    "antonia antony anwar aoife archie arif arthur arun asha ashley asif audrey ayesha "
    "babs baljit barbara barry beatrice becky belinda ben benjamin bernadette bernard bert beth "
    "bethany betty bev beverley bhavna bilal bob bobby brenda brian bridget bronwen bruce bryan "
    "caitlin calum cameron camilla carl carla carlos carly carmel caroline carolyn cath "
    "catherine cathy catrin catriona cecilia charles charlie charlotte cheryl chidi chinedu "
    "chloe chris christina christine christopher ciara ciaran claire clare clive colette colin "
    "connor courtney craig cynthia dafydd daisy damian dan daniel danielle danny darren dave "
    "david deb debbie deborah debra deepa deepak deirdre denise dennis derek diana diane "
    "dominic donald donna doreen doris dorothy doug douglas duncan dylan eddie edith edward "
    "edwin eileen eirlys elaine eleanor elena elizabeth ella ellen ellie elsie emily emma emyr "
    "eric erica erin ernest esther ethan euan eva evan eve evelyn ewa ewan farah farhana farida "
    "fatima femi fergus fiona florence folake fran frances francesca francis fraser fred freda "
    "frederick gabby gabrielle gail gareth gary gavin gaynor gemma geoff geoffrey george "
    "georgia georgina geraint gerald geraldine gerard gerry gill gillian gina gita giulia "
    "glenda glenn glenys gloria gordon graeme graham greg gregory gurdeep gurpreet guy gwen "
    "hamish hamza hannah hans hardeep harjit harold harpreet harriet harry hassan hayley hazel "
    "heather heidi helen helena henry hilary hilda holly howard hugh humphrey hussain hywel "
    "iain ian ibrahim imogen imran inderjit ingrid ioana iona irene isaac isabel isabella "
    "isobel ivan ivor jackie jacob jacqueline jacqui jade jaime jake jakub james jamie jan jane "
    "janet janice janine jas jasmine jason jaspreet javed jayne jean jeanette jeff jeffrey "
    "jemma jen jenna jennifer jenny jeremy jess jessica jill jillian jim jimmy jo joan joanna "
    "joanne joao jodie joe joel john johnny jon jonathan jordan jose joseph josephine josh "
    "joshua joyce juan judith judy julia julian julie juliet justin kamal kamaljit karen karim "
    "karina karl katarzyna kate kath katherine kathleen kathryn kathy katie katy kay kayleigh "
    "keith kelly ken kenneth kerry kevin khadija khalid kieran kim kimberley kiran kirsten "
    "kirsty klaus kofi krzysztof kuldeep kulwinder kwame kyle lara lars laura lauren laurence "
    "leah leanne lee leila len lena leon leonard lesley leslie lewis leyla liam libby linda "
    "lindsay lindsey lisa liz lloyd lorna lorraine lou louis louisa louise luca lucia lucinda "
    "lucy luigi luke lydia lyn lynda lynn lynne lynsey magda maggie malcolm malgorzata mandy "
    "manjit marc marcus marek margaret maria mariam marian marie marilyn mario marion marjorie "
    "marlene martha martin martyn mary maryam mathew matilda matt matthew maureen maurice "
    "maxine meera megan mel melanie melissa michael michaela michel michelle mick mihai mike "
    "miles millie miriam mohammad mohammed mohan moira molly mona monica morag muhammad muriel "
    "nadia nadine nancy naomi nasreen natalie natasha nathan navdeep naveed nazia neha "
    "neil ngozi niamh nicholas nick nicola nicole nigel nikki nina nisha noel nora norma norman "
    "oliver olivia olusegun omar oscar osman owen pam pamela parveen patricia patrick paul "
    "paula pauline pawel pedro penelope penny peter phil philip philippa phillip phoebe phyllis "
    "pierre piotr pippa polly pooja poonam pritpal priya rachael rachel rahul raj rajesh "
    "rajinder ralph ramesh ranjit ravi ray raymond rebecca reena rekha renata rhian rhiannon "
    "rhodri rhona rhys ricardo richard rick ricky rita robert roberta robin roger rohit roland "
    "ron ronald ronnie rory rosalind rosemary rosie ross roy rukhsana rupert russell "
    "ruth ryan sabina sadia saima sally sam samantha samina samira samuel sandeep sandra sanjay "
    "sara sarah satnam sean sebastian shabana shahid shaista shane shannon sharon shaun shazia "
    "sheena sheila shelley shirley sian sid simon simone sinead siobhain siobhan sioned sita "
    "sonia sophia sophie stacey stan stefan stella steph stephanie stephen steve steven stewart "
    "stuart sue sukhdeep sukhjit sunil sunita suresh surinder susan susanna susie suzanne suzie "
    "sven sybil sylvia tahir tamsin tania tanya tara tariq terence teresa terry tessa theresa "
    "thomas tim timothy tina toby tom tomasz tommy toni tony tracey tracy trevor trish tunde "
    "usha valerie vanessa vera vernon veronica vicki vicky victor vijay vikas vikram vince "
    "vincent viv vivien vivienne walter waqar wayne wendy wilfred william winifred yasmin yemi "
    "yusuf yvette yvonne zahid zahra zainab zara zbigniew zoe"
)
AMBIGUOUS = words_of(
    "art bill carol dale dawn dean drew eden faith frank gale glen grace grant heath hope ivy "
    "jack jasper jewel joy kent lily mark marshall max mercy miller myrtle olive paddy pat "
    "patience pearl rich rob rose ruby sandy scott sky stanley summer victoria violet warren "
    "will"
)
HONORIFICS = words_of(
    "mr mrs ms miss mx dr cllr cllrs councillor rev revd sir dame lady prof professor"
)
INSTITUTES = words_of(
    "trust house foundation centre project school academy hospital charity society institute "
    "hostel road street park award refuge college university law review inquiry avenue court "
    "partnership association"
)
"""What a name of a person in front of it makes an organisation or a place: Jo Cox Foundation."""
CHOSEN = words_of(
    "turning point change grow live living shelter crisis refuge hope way forward together bridge "
    "bridges anchor compass haven harbour lighthouse rainbow phoenix horizon horizons step steps "
    "stepping stone stones cornerstone gateway pathway pathways choices choice voice voices sure "
    "start home homes beacon key keys open door doors safe sound space links link reach "
    "aspire inspire thrive flourish connect connections horizon catalyst foundation roots branches "
    "army salvation red cross round table lions rotary age concern mind relate samaritans"
)
"""Words that organisations choose for names, and no surnames in front of a surname."""
MONTHS = words_of(
    "january february march april may june july august september october november december jan "
    "feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday"
)
COMMON = CHOSEN | MONTHS | POSTS | HEADS | PLACES | TOPICS
SMALL = words_of(
    "the and for that this with are was were has have had not will would can may need needs all "
    "any from who what when how into out their them they its been being more also other than "
    "where which"
)
"""What every text has: it tells no two texts apart."""
