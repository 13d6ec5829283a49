# A person's orders.

orders-title = Your orders
orders-filter-state = State
orders-state-all = All
orders-search-label = Search your orders
orders-search-placeholder = Number or product
orders-list-label = Orders
orders-count = { $count ->
    [one] { $count } order
   *[other] { $count } orders
}
orders-number = Order { $number }
orders-summary = { $more ->
    [0] { $name }
   *[other] { $name } and { $more } more
}
orders-none-title = No order fits
orders-none = Try other words, or look at all of them.
orders-show-all = Show all orders
orders-empty-title = Nothing redeemed yet
orders-empty = Your first treat is a few clicks away.
orders-empty-browse = Look around

order-state-placed = Placed
order-state-preparing = Being prepared
order-state-fulfilled = Handed over
order-state-cancelled = Cancelled

order-title = Order { $number }
order-back = All orders
order-placed-at = Placed on
order-codes = { $count ->
    [one] Your code
   *[other] Your codes
}
order-codes-hint = Keep a code to yourself: whoever has it can use it.
order-code-show = Show code
order-code-shown = The code for { $name } is shown.
order-code-ends = Hidden code ending in { $digits }
order-code-revealed-at = First shown on { $moment }
order-code-copy = Copy
order-code-copied = Copied
order-lines = What you got
order-payment = Points
order-total = Redeemed
order-refunded = Given back
order-line-cancelled = { $count } cancelled
order-balance-after = Balance after redeeming
order-lots = Paid with
order-timeline = What happened
order-step-placed = Order placed
order-step-code-revealed = Code shown
order-step-preparing = Being prepared
order-step-fulfilled = Handed over
order-step-partly-cancelled = Partly cancelled, points given back
order-step-cancelled = Cancelled, points given back
order-step-note = A note from HR
order-step-private-note = A note among HR
order-carrier = With { $carrier }
order-tracking = With { $carrier }, number { $number }
order-delivery-address = Goes to this address
order-delivery-office = To collect at the office
order-cancel-title = Changed your mind?
order-cancel-hint = Until { $moment } you can cancel this order as long as nobody has begun to prepare it. { $points ->
    [one] { $points } point comes back at once.
   *[other] { $points } points come back at once.
}
order-cancel-grace = { $days ->
    [one] Points that would be over by then are good for one more day.
   *[other] Points that would be over by then are good for { $days } more days.
}
order-cancel-button = Cancel this order

# The orders desk.

hr-orders-title = Orders
hr-orders-of = Orders of { $name }
hr-orders-of-everybody = Orders of everybody
hr-orders-waiting = Waiting
hr-orders-search-label = Search all orders
hr-orders-search-placeholder = Order number, name or e-mail
hr-orders-product = Product
hr-orders-department = Department
hr-orders-all-departments = All departments
hr-orders-from = From
hr-orders-to = To
hr-orders-show-waiting = Show what waits
hr-orders-overview = To the overview
hr-orders-empty-title = Nothing waits
hr-orders-empty = Every order has been handed over.
hr-orders-just = { $count }
hr-orders-more-than = { $count }+
hr-orders-count-more = More than { $count } orders: choose dates to see less of them
hr-orders-none-of-person = No orders yet.
hr-orders-number = Order
hr-orders-person = Person
hr-orders-employee-number = Employee number
hr-orders-email = E-mail
hr-orders-items = Items
hr-orders-item = { $count } × { $name }
hr-orders-delivery = Delivery
hr-orders-goes-to = Goes to
hr-orders-to-address = Parcel
hr-orders-at-office = Office
hr-orders-codes = Codes
hr-orders-placed = Placed
hr-orders-points = Points
hr-orders-export = Download as CSV
hr-orders-choose = Choose
hr-orders-choose-all = Choose all on this page
hr-orders-choose-one = Choose order { $number }

hr-batch-title = With the chosen orders
hr-batch-note = Note for everybody concerned, if there is anything to say
hr-batch-fulfil = Hand over
hr-batch-prepare = Begin to prepare
hr-batch-fulfilled = Orders handed over
hr-batch-prepared = Orders begun
hr-batch-by = By { $name }
hr-batch-result = { $refused ->
    [0] { $done ->
        [one] One order went.
       *[other] All { $done } orders went.
    }
   *[other] { $done } went, { $refused } did not.
}
hr-batch-said = Told to everybody concerned: { $note }
hr-batch-done = { $count ->
    [one] One order went
   *[other] { $count } orders went
}
hr-batch-refused = { $count ->
    [one] One order did not go
   *[other] { $count } orders did not go
}
hr-batch-begun = It was being prepared already.
hr-batch-handed-over = It was handed over before.
hr-batch-cancelled = It was cancelled.

hr-packing-title = Packing list
hr-packing-of-these = Packing list of all these
hr-packing-hint = Print this page: what is not part of the list stays off the paper.
hr-packing-print = Print
hr-packing-compact = Several on a sheet
hr-packing-one-each = A sheet for each
hr-packing-more = There are more: these are the { $most } oldest.
hr-packing-left-out = { $count ->
    [one] One order is not on the list: nothing of it has to be packed any more.
   *[other] { $count } orders are not on the list: nothing of them has to be packed any more.
}
hr-packing-empty-title = Nothing to pack
hr-packing-empty = None of these orders waits for a parcel.
hr-packing-for = For { $name }

hr-order-back = All orders of the desk
hr-order-lines = What was ordered
hr-order-hand-over = Handing over
hr-order-prepare-hint = From then on its owner cannot cancel it any more.
hr-order-prepare = Begin to prepare it
hr-order-carrier = Carrier
hr-order-tracking = Tracking number
hr-order-note = Note, or who took it
hr-order-fulfil-hint = The person sees this on the order’s page and gets it by mail.
hr-order-fulfil = Handed over
hr-order-notes = Notes
hr-order-words = Note
hr-order-too-late = What you wrote about it stands here: add it as a note if it still matters.
hr-order-public = Tell the person: on the order’s page and by mail
hr-order-add-note = Add the note
hr-order-private = Only HR reads this
hr-order-cancel = Cancelling
hr-order-cancel-hint = What is cancelled goes back to stock, and its points go back to the person at once.
hr-order-pieces = { $name }: how many of { $count }
hr-order-reason = Reason, told to the person
hr-order-cancel-button = Cancel these pieces
