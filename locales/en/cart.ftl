# The cart.

cart-title = Your cart
cart-announce = { $points ->
    [0] Your cart is empty.
    [one] Cart updated. Total: { $points } point.
   *[other] Cart updated. Total: { $points } points.
}
cart-empty-title = Your cart is empty
cart-empty = Good things are waiting in the shop.
cart-empty-browse = Look around
cart-lines-label = In your cart
cart-each = { $points ->
    [one] { $points } point each
   *[other] { $points } points each
}
cart-quantity-of = Quantity of { $name }
cart-one-less = One fewer of { $name }
cart-one-more = One more of { $name }
cart-update = Update
cart-remove = Remove
cart-summary = Summary
cart-balance = Your balance
cart-total = Total
cart-balance-after = Left afterwards
cart-short = { $points ->
    [one] You are { $points } point short. Take something out, or save up a little longer.
   *[other] You are { $points } points short. Take something out, or save up a little longer.
}
cart-problems = Something in your cart needs a look first.
cart-check-out = Go to checkout
cart-continue = Keep looking

cart-mark-sold-out = Sold out. Please remove it to go on.
cart-mark-withdrawn = No longer offered. Please remove it to go on.
cart-mark-only-left = { $count ->
    [one] Only { $count } is left. Please reduce the quantity.
   *[other] Only { $count } are left. Please reduce the quantity.
}
cart-mark-price-changed = The price changed from { $was } to { $now } points since you added this.
