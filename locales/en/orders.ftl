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

hr-orders-title = Orders to hand over
hr-orders-waiting = Waiting
hr-orders-search-label = Search all orders
hr-orders-search-placeholder = Number or person
hr-orders-show-waiting = Show what waits
hr-orders-empty-title = Nothing waits
hr-orders-empty = Every order has been handed over.
hr-order-back = All orders of the desk
hr-order-lines = What was ordered
hr-order-hand-over = Handing over
hr-order-prepare-hint = From then on its owner cannot cancel it any more.
hr-order-prepare = Begin to prepare it
hr-order-note = Tracking number, or who took it
hr-order-fulfil = Handed over
hr-order-cancel = Cancelling
hr-order-cancel-hint = What is cancelled goes back to stock, and its points go back to the person at once.
hr-order-pieces = { $name }: how many of { $count }
hr-order-reason = Reason, told to the person
hr-order-cancel-button = Cancel these pieces
