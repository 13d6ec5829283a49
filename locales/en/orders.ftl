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

order-state-placed = Being prepared
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
order-balance-after = Balance afterwards
order-lots = Paid with
order-timeline = What happened
order-step-placed = Order placed
order-step-code-revealed = Code shown
order-step-fulfilled = Handed over
order-step-cancelled = Cancelled, points given back
order-delivery-address = Goes to your address
order-delivery-office = To collect at the office
