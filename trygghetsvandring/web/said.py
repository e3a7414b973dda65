"""What each route is for, said once: `/openapi.json` and docs/api.md are put together from it."""

from trygghetsvandring.domain.open311 import BASE
from trygghetsvandring.sync import wire
from trygghetsvandring.web import (
    connections,
    digests,
    est_week,
    lagesbild,
    open311_description,
    preview,
    promises,
    pull,
    pushes,
    rescues,
    sessions,
    surveys,
    walks,
)
from trygghetsvandring.web.said_outside import OUTSIDE, Said

_TUS = ("Tus-Resumable",)
# One filter for the list, the map, the board and the field list.
_CHOOSING = (
    *(
        "state",
        "department",
        "tile",
        "area",
        "stretch",
        "place",
        "priority",
        "late",
        "doubted",
        "walk",
        "when",
        "mine",
        "q",
    ),
)
SAID: dict[tuple[str, str], Said] = {
    **OUTSIDE,
    ("GET", "/healthz"): Said(what="Whether the server answers and its database can be read"),
    ("GET", "/openapi.json"): Said(what="This description"),
    ("POST", "/api/session"): Said(what="Sign in; sets the session cookie", body=sessions.SignIn, answer="Me"),
    ("GET", "/api/session"): Said(what="Who is signed in", answer="Me"),
    ("DELETE", "/api/session"): Said(what="Sign out", status=204),
    ("POST", "/api/session/device"): Said(what="A field secretary's phone gets a token", body=sessions.Enrol),
    ("GET", "/api/start"): Said(what="The demo's personas and walk; 404 without the demo", answer="Start"),
    ("POST", "/api/join/look"): Said(
        what="The walk behind a code or link, before joining", body=walks.Look, answer="WalkCard"
    ),
    ("POST", "/api/join"): Said(what="A phone joins a walk and gets its token", body=walks.Join, answer="Joined"),
    ("GET", "/api/municipality"): Said(what="The municipality's settings", answer="MunicipalityState"),
    ("GET", "/api/dusk"): Said(
        what="Sun and civil dusk of a day and place", answer="Dusk", asks=("date", "lat", "lon")
    ),
    ("GET", "/api/walks"): Said(what="Walks, latest first", answer="WalkRow"),
    ("GET", "/api/walks/{id}"): Said(what="One walk with phones, feelings and answers", answer="WalkRow"),
    ("GET", "/api/walks/{id}/invite"): Said(what="The open invitation: code, link, QR", answer="Invite"),
    ("GET", "/api/walks/{id}/sheet"): Said(what="One A4 page to print", media="text/html"),
    ("POST", "/api/session/renew"): Said(what="A phone with older storage gets another id", body=sessions.Renew),
    ("GET", "/api/phones"): Said(
        what="Phones that are not done, or every phone of one walk", answer="PhoneRow", asks=("walk",)
    ),
    ("GET", "/api/held"): Said(what="What was taken in and waits for a person", answer="HeldRow"),
    ("GET", "/api/rescue-key"): Said(what="The public key a rescue file is sealed to", answer="RescueKey"),
    ("GET", "/api/rescues"): Said(what="Rescue files that were taken in, newest first", answer="RescueRow"),
    ("POST", "/api/rescues"): Said(
        what="Take in a rescue file: the file itself is the body", answer="RescueRow", status=201
    ),
    ("GET", "/api/rescues/{id}"): Said(what="One rescue file, with its drafts", answer="RescueRow"),
    ("POST", "/api/rescues/{id}/drafts"): Said(
        what="Take in drafts that nobody had handed in", body=rescues.Take, answer="RescueRow"
    ),
    ("GET", "/api/observations"): Said(
        what="Findings, danger first and then newest, a page by key",
        answer="FindingRow",
        asks=("state", "walk", "kind", "when", "q", "id", "after", "limit", "brief"),
    ),
    ("GET", "/api/observations/hours"): Said(
        what="The same choice by the weekday and hours when it was seen",
        answer="SeenHours",
        asks=("state", "walk", "kind", "q"),
    ),
    ("GET", "/api/observations/{id}"): Said(what="One finding", answer="FindingRow"),
    ("GET", "/api/observations/{id}/suggestion"): Said(
        what="What the rules would say if the finding were of this category and severity",
        answer="Suggested",
        asks=("category", "severity"),
    ),
    ("GET", "/api/colleagues"): Said(what="Those of one's own unit a task can be given to", answer="Colleague"),
    ("GET", "/api/deadlines"): Said(
        what="The days that tasks can be promised for, by priority, with why", answer="DueDates", asks=("task",)
    ),
    ("GET", "/api/tasks"): Said(
        what="Tasks by next date, a page by key; a department sees its own",
        answer="TaskRow",
        asks=(*_CHOOSING, "counts", "photos", "after", "limit"),
    ),
    ("GET", "/api/tasks/counts"): Said(
        what="How many tasks of each state, tile, priority and place", answer="TaskCounts", asks=_CHOOSING
    ),
    ("GET", "/api/tasks/hours"): Said(
        what="The same choice by the weekday and hours when its findings were seen", answer="SeenHours", asks=_CHOOSING
    ),
    ("GET", "/api/tasks/points"): Said(
        what="Tasks on a map: points, or clusters of all of them where there are more",
        answer="TasksOnMap",
        asks=(*_CHOOSING, "bbox", "across", "limit"),
    ),
    ("GET", "/api/tasks/unseen"): Said(what="What is said to be mended and nobody has confirmed", answer="UnseenRow"),
    ("GET", "/api/tasks/field-list/{kind}"): Said(
        what="The list to take along, by place: html to print, xlsx or csv", media="text/html", asks=_CHOOSING
    ),
    ("POST", "/api/preview"): Said(
        what="What everybody would read after these operations; nothing is kept",
        body=preview.Asked,
        answer="StepPreview",
    ),
    ("GET", "/api/reply-texts"): Said(what="Words to begin a public reply with", answer="ReplyText"),
    ("GET", "/api/filters"): Said(what="Saved filters: one's own and the unit's", answer="SavedFilter"),
    ("GET", "/api/tasks/{id}"): Said(what="One task with findings, history, photos and arrows", answer="TaskRow"),
    ("GET", "/api/walks/{id}/protocol"): Said(
        what="A walk's protocol: the draft, what it is made from, its editions", answer="ProtocolView"
    ),
    ("GET", "/api/walks/{id}/protocol/{format}"): Said(
        what="The draft or an edition as html, pdf, docx or xlsx", media="application/pdf", asks=("edition",)
    ),
    ("GET", "/api/walks/{id}/meeting/{format}"): Said(
        what="The report for the feedback meeting, or one unit's sheet", media="application/pdf", asks=("department",)
    ),
    ("GET", "/api/agreements"): Said(what="Agreements and their promises", answer="AgreementsView"),
    ("GET", "/api/activities"): Said(
        what="Activities with partners and numbers, and visits by month and kind of place",
        answer="ActivitiesView",
    ),
    ("GET", "/api/plans"): Said(
        what="Action plans, commitments, report days and the on-time rate; an executor's own, or all",
        answer="PlansView",
        asks=("task",),
    ),
    ("GET", "/api/trade"): Said(
        what="The safety group: cards, the routine, shops' weeks, and where it went up and down", answer="TradeView"
    ),
    ("GET", "/api/trade/contacts.vcf"): Said(what="Its contact cards, for a phone's own contacts", media="text/vcard"),
    ("GET", "/api/rota"): Said(
        what="The rota: evenings, who comes and what is missing, whom each party is reached by", answer="RotaView"
    ),
    ("POST", "/api/rota/contact"): Said(
        what="Whom a party is reached by, apart from the log; forgotten when there is no address"
    ),
    ("GET", "/api/rota/attestations"): Said(
        what="An association's walked evenings as they would be attested, and what has been",
        answer="AttestationView",
        asks=("party", "first", "last"),
    ),
    ("POST", "/api/rota/attestations"): Said(what="Attested by a named person, as they have read it"),
    ("GET", "/api/rota/attestations/{id}/{format}"): Said(
        what="An attestation as html, pdf, docx, xlsx or csv", media="text/html"
    ),
    ("GET", "/api/promises/{id}"): Said(
        what="One promise: evidence, reports, and what a release would show", answer="PromiseView"
    ),
    ("POST", "/api/promises/{id}/publish"): Said(
        what="Show everybody exactly what the person has read", body=promises.Release
    ),
    ("POST", "/api/promises/{id}/verify"): Said(what="Every lamp of it has been seen on the spot"),
    ("GET", "/ogc/{municipality}"): Said(what="OGC API Features: what there is", asks=()),
    ("GET", "/ogc/{municipality}/conformance"): Said(what="OGC API Features: what is kept to"),
    ("GET", "/ogc/{municipality}/api"): Said(
        what="OGC API Features: its own description", media="application/vnd.oai.openapi+json;version=3.0"
    ),
    ("GET", "/ogc/{municipality}/collections"): Said(what="OGC API Features: the collections"),
    ("GET", "/ogc/{municipality}/collections/{collection}"): Said(what="OGC API Features: one collection"),
    ("GET", "/ogc/{municipality}/collections/{collection}/items"): Said(
        what="OGC API Features: released findings, newest first",
        media="application/geo+json",
        asks=("limit", "bbox", "datetime", "f", "efter"),
    ),
    ("GET", "/ogc/{municipality}/collections/{collection}/items/{id}"): Said(
        what="OGC API Features: one released finding", media="application/geo+json"
    ),
    ("GET", "/oppna-data/{municipality}"): Said(what="What open data there is, for who reads", media="text/html"),
    ("GET", "/oppna-data/{municipality}/katalog.jsonld"): Said(
        what="Open data described by DCAT-AP", media="application/ld+json"
    ),
    ("GET", "/oppna-data/{municipality}/fynd.geojson"): Said(
        what="Every released finding", media="application/geo+json"
    ),
    ("GET", "/oppna-data/{municipality}/fynd.csv"): Said(what="The same for a spreadsheet", media="text/csv"),
    ("GET", "/api/est"): Said(
        what="One EST week: picture, meeting, decisions; without `week` the last that is over",
        answer="EstView",
        asks=("week",),
    ),
    ("GET", "/api/est/vehicles"): Said(what="Vehicles week by week", answer="VehiclesView", asks=("week",)),
    ("POST", "/api/est/compile"): Said(what="Sign off exactly the week the person has read", body=est_week.Compile),
    ("GET", "/api/est/export/{kind}"): Said(
        what="The week line by line as csv or json", media="text/csv", asks=("week",)
    ),
    ("GET", "/api/lagesbild"): Said(
        what="The lägesbild of a period: draft, numbers, editions, and what a release would show; without days the "
        "last tertial that is over",
        answer="LagesbildView",
        asks=("from", "to"),
    ),
    ("POST", "/api/lagesbild/sign"): Said(
        what="Both parties sign exactly the lägesbild the person has read", body=lagesbild.Sign
    ),
    ("GET", "/api/lagesbild/{id}/{format}"): Said(
        what="A signed edition as html, pdf or docx", media="application/pdf"
    ),
    ("GET", "/api/walks/{id}/announcement"): Said(
        what="What everybody would read of a coming walk, and whether they do", answer="AnnouncementView"
    ),
    ("GET", "/api/surveys"): Said(
        what="Surveys, what was counted in classes of five, and what would be shown", answer="SurveysView"
    ),
    ("POST", "/api/surveys/{id}/count"): Said(what="Counts the answers, when five more have come", body=surveys.Count),
    ("GET", "/api/surveys/{id}/answers.csv"): Said(
        what="Single answers, for whoever has asked for them", media="text/csv"
    ),
    ("GET", "/api/feedback"): Said(
        what="What readers of the public page wrote, latest first", answer="FeedbackView", asks=("state", "skip")
    ),
    ("GET", "/api/mail"): Said(what="Mail that has come in, latest first", answer="MailView", asks=("state", "skip")),
    ("GET", "/api/mail/{id}/original"): Said(what="The whole of one, as it came", answer="MailOriginal"),
    ("GET", "/api/tasks/{id}/mail"): Said(what="What was answered by mail about a task", answer="TaskMail"),
    ("GET", "/api/tasks/{id}/links"): Said(
        what="A task's answer links: to whom, whether they left and are used", answer="AnswerLinks"
    ),
    ("GET", "/api/reminders"): Said(what="What is late and why, and letters that have not left", answer="LateView"),
    ("POST", "/api/subscriptions"): Said(
        what="An address for the walk's digest; a letter asks whether it is meant", body=digests.Subscribe, status=202
    ),
    ("GET", "/api/walks/{id}/group"): Said(
        what="How many hear by mail, and the message to all who walked", answer="GroupView"
    ),
    ("GET", "/tillganglighet"): Said(what="The way to it from pages of no municipality's own", media="text/html"),
    ("GET", "/api/card"): Said(
        what="The card of the phone's walk, to be shown without a network", answer="WalkCardView"
    ),
    ("GET", "/api/walks/{id}/card"): Said(what="The card in use: code, address, QR", answer="WalkCardView"),
    ("GET", "/api/walks/{id}/card/slips"): Said(what="Eight cards on one A4 page to print", media="text/html"),
    ("GET", "/api/conflicts"): Said(
        what="Two who changed the same: what waits for a person, held ones first", answer="ConflictRow", asks=("limit",)
    ),
    ("GET", "/api/rules"): Said(what="The rules that hold, the draft, and what is wrong with each", answer="RulesView"),
    ("GET", "/api/rules/alarms"): Said(what="Live rules that cannot decide today", answer="RuleAlarms"),
    ("POST", "/api/rules/{id}/dry-run"): Said(
        what="A draft run over every kept finding: a line of progress per page, then the result",
        answer="TrialLine",
        media="application/x-ndjson",
    ),
    ("GET", "/api/presence/sums"): Said(
        what="Sums that a released rule lets over the wall", answer="PresenceSum", asks=("from", "to")
    ),
    ("GET", "/api/presence/hours"): Said(
        what="Adults' hours by area and month, in whole hundreds, as a released rule lets them over the wall",
        answer="AdultHours",
        asks=("year",),
    ),
    ("GET", "/api/presence/passes"): Said(what="The own log, pass by pass", answer="PassState", asks=("from", "to")),
    ("GET", "/api/register"): Said(
        what="The own nämnd's register: cases, holds, retention, what is due", answer="RegisterView"
    ),
    ("GET", "/api/register/list"): Said(
        what="What came in, or as a sheet", answer="RegisterList", asks=("from", "to", "q", "format")
    ),
    ("GET", "/api/register/look"): Said(what="What a number stands for", answer="RegisterThing", asks=("number",)),
    ("POST", "/sync/push"): Said(what="Operations up, one outcome each", body=wire.Push, answer="Pushed"),
    ("GET", "/api/push"): Said(what="Whether a word is wanted here, how the last one went, and the browser's key"),
    ("PUT", "/api/push"): Said(what="A word is wanted here: of answers, or of what is theirs", body=pushes.Ask),
    ("DELETE", "/api/push"): Said(what="No more words are wanted here"),
    ("GET", "/sync/live"): Said(what="A word when there is something new to read", media="text/event-stream"),
    ("GET", "/sync/pull"): Said(what="States down, from a cursor", answer="Pulled", asks=("cursor", "checksum")),
    ("POST", "/sync/have"): Said(what="Which of these operations the server lacks", body=pull.Have),
    ("OPTIONS", "/uploads/"): Said(what="What of tus is spoken here", status=204),
    ("POST", "/uploads/"): Said(
        what="Begin a declared photo's upload", status=201, headers=(*_TUS, "Upload-Length", "Upload-Metadata")
    ),
    ("OPTIONS", "/uploads/{id}"): Said(what="What of tus is spoken here", status=204),
    ("POST", "/uploads/{id}"): Said(
        what="Begin a declared photo's upload; bytes may come along", status=201, headers=(*_TUS, "Upload-Length")
    ),
    ("DELETE", "/uploads/{id}"): Said(what="Give up an upload that is not whole", status=204, headers=_TUS),
    ("HEAD", "/uploads/{id}"): Said(what="How far an upload has come", headers=_TUS),
    ("PATCH", "/uploads/{id}"): Said(what="Bytes from an offset", status=204, headers=(*_TUS, "Upload-Offset")),
    ("GET", "/api/connections"): Said(what="Keys, partners, webhooks, latest calls", answer="Connections"),
    ("GET", "/api/correspondence"): Said(
        what="Where letters to each party go, what replies begin with, latest changes", answer="CorrespondenceView"
    ),
    ("POST", "/api/connections/seal"): Said(what="Seal a key that another system gave us", body=connections.Seal),
    ("GET", "/api/tasks/{id}/deliveries"): Said(what="What another system has of the task", answer="DeliveryRow"),
    ("GET", "/api/tasks/{id}/pairs"): Said(what="Photos that could be shown as before and after", answer="TaskPairs"),
    ("GET", "/api/promises/{id}/pairs"): Said(what="The pair of photos of each stretch", answer="StretchPairs"),
    ("GET", "/api/observations/{id}/publication"): Said(what="What everybody reads of a finding", answer="Publication"),
    ("GET", "/api/walks/{id}/release"): Said(
        what="What of a walk could be shown to everybody, as everybody would read it", answer="Release"
    ),
    **{(method, f"{BASE}{path}"): Said(what=it.what) for (method, path), it in open311_description.DESCRIBED.items()},
    ("GET", f"{BASE}/photos/{{finding}}/{{id}}.jpg"): Said(what="Open311: a released photo", media="image/jpeg"),
    ("GET", "/photos/{id}"): Said(
        what="An accepted photo, or where a page's picture is fetched within a minute; `size` is 320 or full",
        media="image/jpeg",
        asks=("size",),
    ),
}
