# The audit desk: who did what, when, on what.

audit-title = Audit trail
audit-hint = Everything that was done, as it was written down in the same moment. Nobody can change it.
audit-search = On what
audit-search-placeholder = Order number, product, person or id
audit-about = About whom
audit-who = Who
audit-who-placeholder = Name, or shop
audit-what = What
audit-when = When
audit-on = On
audit-from = From
audit-to = Up to
audit-request = Request
audit-find = Find
audit-any-action = Anything
audit-details = Changes and facts
audit-count = { $count ->
    [0] Nothing found
    [one] { $count } act
   *[other] { $count } acts
}
audit-more = More than { $most } acts. Say from when or up to when to see the older ones.
audit-too-much = More than { $most } people or things are called like that. Only some of them are looked for: type more of the name.
audit-show-all = Show everything
audit-none-title = Nothing found
audit-none = Ask for less, or for a longer time.
audit-shop = The shop itself
audit-nothing = nothing
audit-more-changes = and { $count } more
audit-history = Everything done on this
audit-no-request = None: it was done in the background
audit-field = Field
audit-before = Before
audit-after = After
audit-value = Value
audit-whole = All of it
audit-together = Done in the same request
audit-raw = As it was written down
audit-csv-number = Number
audit-csv-at = Date and time
audit-csv-action = Name of the act
audit-csv-kind = Kind
audit-csv-id = Id

audit-kind-person = Person
audit-kind-order = Order
audit-kind-grant = Grant
audit-kind-deduction = Deduction
audit-kind-product = Product
audit-kind-category = Category
audit-kind-run = Run
audit-kind-rule = Rule
audit-kind-import = Import

audit-act-order-place = Placed an order
audit-act-order-prepare = Began to prepare an order
audit-act-order-fulfil = Handed an order over
audit-act-order-cancel = Cancelled an order
audit-act-code-reveal = Looked at a code
audit-act-points-grant = Granted points
audit-act-points-deduct = Points taken
audit-act-points-undo = Grant taken back
audit-act-run-draft = Made a run
audit-act-run-commit = Committed a run
audit-act-run-approve = Approved a run
audit-act-run-reject = Rejected a run
audit-act-run-discard = Discarded a run
audit-act-run-finish = Run done
audit-act-run-reverse = Began to take a run back
audit-act-run-reversed = Run taken back
audit-act-rule-create = Rule made
audit-act-rule-change = Rule changed
audit-act-rule-override = Exception of a rule
audit-act-rule-catch-up = Missed points asked for
audit-act-person-enter = Entered a person
audit-act-person-link = Linked a person to their sign-in
audit-act-person-roles = Changed what a person may do
audit-act-person-deactivate = Deactivated a person
audit-act-person-reactivate = Reactivated a person
audit-act-product-create = Created a product
audit-act-product-add-picture = Added a picture
audit-act-category-create = Created a category
