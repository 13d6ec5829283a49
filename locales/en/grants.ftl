# The points desk of HR: giving, taking, and the rules that give by themselves.

grants-title = Points
grants-give = Give points
grants-give-many = Give to many
grants-take = Take points
grants-runs = Runs
grants-the-shop = The shop itself
grants-inactive = Not active
grants-search-person = Person
grants-search-note = Words in the note
grants-search-note-limit = Notes are looked for in the newest { $most } grants and as many deductions.
grants-kind-all = Everything
grants-kind-grant = Given
grants-kind-deduction = Taken
grants-kind-undo = Taken back
grants-reason-all = Any reason
grants-reason-choose = Please choose
grants-maker-all = Anybody
grants-column-at = When
grants-column-kind = What
grants-column-person = Person
grants-column-number = Employee number
grants-column-reason = Reason
grants-column-note = Note
grants-column-maker = By
grants-column-points = Points
grants-column-balance = Balance after it
grants-show-this = – show this grant
grants-count-endless = More than { $count } entries
grants-none = Try other words, another reason, or a longer time.
grants-empty-title = No points yet
grants-empty = Nobody was given any points so far.

grants-reason-thank-you = Thank-you
grants-reason-achievement = Achievement
grants-reason-idea = Good idea
grants-reason-referral = Somebody recommended
grants-reason-campaign = Campaign
grants-reason-anniversary = Work anniversary
grants-reason-compensation = Making up for something
grants-reason-other = Something else
grants-reason-monthly = Monthly points
grants-reason-birthday = Birthday
grants-reason-welcome = Welcome
grants-reason-mistake = Given by mistake
grants-reason-twice = Given twice
grants-reason-agreed = Agreed with the person
grants-reason-adjustment = Adjustment

grants-give-title = Give points to one person
grants-take-title = Take points from one person
grants-confirm-title = Is this right?
grants-amount = Points
grants-note = Note – the person reads it
grants-ends-policy = As the company decided:
grants-ends-own = Another day
grants-ends-on = The last day on which they are good
grants-balance = Balance
grants-balance-before = Can be spent now
grants-balance-after = Afterwards
grants-asks-hint = Nothing is given until then.
grants-review = Look once more
grants-give-button = Give the points
grants-take-button = Take the points
grants-change = Change it
grants-you-wrote = You had written:

pick-label = Name, employee number or e-mail
pick-found = People who fit
pick-count = { $count ->
    [0] Nobody fits
    [one] { $count } person fits
   *[other] { $count } people fit
}
pick-another = Another person

grant-title = Points given to { $name }
grant-left = Left of them
grant-transfer = Transfer
grant-undone = Taken back
grant-undo = Take it back
grant-undo-hint = All of it, while nobody has spent any. The books keep both.
grant-undo-note = Why – the person reads it
grant-undo-button = Take it back
grant-not-whole = Some of it was used already, so it cannot be taken back as a whole. You can take points instead.

rules-title = Rules
rules-hint = What the shop gives by itself, on its own day.
rules-new = A new rule
rules-new-title = New rule: { $name }
rules-edit-title = Change the rule: { $name }
rules-edit = Change
rules-save = Save
rules-cancel = Leave it
rules-column-rule = Rule
rules-column-state = State
rules-column-day = Day
rules-column-actions = Change it
rules-active = Active
rules-paused = Paused
rules-paused-hint = The rule is paused: nothing is given until somebody makes it active again.
rules-waiting-hint = The rule waits for a second pair of eyes: nothing is given until somebody else lets it begin.
rules-judge = { $name } made these terms.
rules-judge-hint = It gives so much that somebody else of the points desk has to look at it first. Until then it gives nothing; to stop it, pause it.
rules-made-by = Terms by
rules-is-active = Active: it gives on its day
rules-when-monthly = On day { $day } of each month, or on the last of a shorter one
rules-when-anniversary = On the day somebody began here, each year after that
rules-when-birthday = On each birthday
rules-when-welcome = When somebody signs in for the first time
rules-day-of-month = Day of the month
rules-day-of-month-hint = 29, 30 and 31 are the last day of a shorter month.
rules-lasts-months = Good for so many months
rules-lasts-months-hint = Empty: as the company decided for all.
rules-lasts = { $months ->
    [one] { $months } month
   *[other] { $months } months
}
rules-lasts-policy = As the company decided for all
rules-starts-on = Counts from
rules-starts-on-hint = Nothing that was due before this day is given.
rules-next = What comes next
rules-people = { $count ->
    [0] Nobody
    [one] { $count } person
   *[other] { $count } people
}
rules-welcome-hint = Whoever comes in first is not known before.
rules-missed = Missed
rules-missed-nothing = Nothing was missed.
rules-missed-hint = The shop was down, the rule was paused, or somebody’s account could not take it. It is given only when you say so. To leave it out for good, let the rule count from today.
rules-catch-up = Give it now
rules-catching-up = Being given
rules-who = Who
rules-exceptions = Exceptions
rules-exceptions-none = Everybody is given the same.
rules-exceptions-count = { $count ->
    [one] One exception
   *[other] { $count } exceptions
}
rules-exception = Exception
rules-exception-new = Exception for one person
rules-exception-remove = Remove
rules-exception-gives = { $points ->
    [one] Instead of { $points } point
   *[other] Instead of { $points } points
}
rules-exception-amount = Another amount
rules-exception-never = Never anything
rules-never = Never

form-only-so-many = { $left ->
    [0] There are no points to take.
    [one] There is only { $left } point to take.
   *[other] There are only { $left } points to take.
}
form-not-ahead = Please choose a day from today on, within ten years.

refusal-own-override = Nobody can make an exception for themselves. Please ask a colleague.
refusal-exception-too-much = An exception is one person’s decision, so it gives at most { $most } points. More is given as a grant: somebody else looks at it there.
refusal-own-rule = You made its terms, so it is for somebody else to let it begin.
refusal-receiver-inactive = This person is not active any more, so nothing can be given to them.
refusal-balance-full = Nobody can have more than { $most } points. There is room for { $room }.
refusal-too-many-rules = There are { $limit } rules already, and no more are possible.

flash-points-granted = { $name } has the points.
flash-points-deducted = The points of { $name } were taken.
flash-grant-undone = The points of { $name } were taken back.
flash-rule-saved = The rule is saved.
flash-rule-waits = The rule is saved. It waits for somebody else to look at it.
flash-rule-approved = The rule gives from now on.
flash-rule-catch-up = What was missed in { $name } is being given. This takes a minute or two.
flash-override-saved = The exception is saved.
flash-override-removed = The exception is removed.
grants-too-many = More than { $most } people fit this search. Only some of them are looked for, here and in the file: type more of the name.
