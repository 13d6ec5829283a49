# The frame around every page, and what many pages share.

shop-name = AWSomeShop
shop-home = – to the shop
shop-skip = Skip to content
shop-nav-label = Main
shop-nav-catalog = Shop
shop-nav-orders = Orders
shop-nav-points = Points
shop-nav-desk = HR desk
shop-search-label = Search the shop
shop-search-placeholder = Search the shop
shop-search-submit = Search
shop-balance-label = Your balance
shop-cart-label = Cart, { $count ->
    [0] empty
    [one] { $count } item
   *[other] { $count } items
}
shop-account-label = Your account
shop-account-signed-in-as = Signed in as
shop-account-addresses = Addresses
shop-sign-in = Sign in
shop-sign-out = Sign out
shop-footer = A thank-you from your company.
shop-footer-demo = Demo: the people, the points and the orders are made up.
shop-toasts-label = Messages
shop-toast-close = Close this message
shop-toast-offline = The shop cannot be reached just now. Check your connection and try again.
shop-toast-failed = That did not work. Please try again.

points-unit = { $count ->
    [one] point
   *[other] points
}
points-amount = { $points ->
    [one] { $points } point
   *[other] { $points } points
}
points-expire-on = until { $day }
points-never-expire = never expire
points-more-lots = And { $count } more

pager-label = Pages
pager-first = First page
pager-previous = Previous
pager-next = Next
pager-here = Page { $number } of { $count }

list-file-limit = The file holds the first { $most } at most; narrow the filter if there are more.

quantity-less = One fewer
quantity-more = One more

form-has-problems = Something is missing or not quite right. See the notes beside the fields.
form-changed-meanwhile = Somebody else has changed this since you opened it. What you typed is still here. Where it differs, this is how they left it; saving again puts yours in its place.
form-left-empty = left empty
form-required = Please fill this in.
form-too-long = Please keep this to { $max } characters.
form-not-a-number = Please enter a whole number.
form-number-range = Please choose a number from { $min } to { $max }.
form-date = Please enter a date.
form-choose-delivery = Please choose where this should go.
form-range-order = The end of this range is before its start.
form-range-too-long = This range is longer than { $max } days.
form-not-in-list = Please choose from the list.
form-not-a-phone-number = Please use digits, spaces and + - ( ) only.
form-not-an-email = Please enter an e-mail address.
form-in-the-future = This day is still to come.
form-taken = This is taken already. Please choose another.

flash-cart-added = { $name } is in your cart.
flash-cart-removed = Removed from your cart.
flash-order-placed = Thank you! Order { $name } is placed.
flash-order-cancelled = Order { $name }: cancelled, the points are back.
flash-order-preparing = Order { $name } is being prepared.
flash-order-fulfilled = Order { $name } is handed over.
flash-mail-revived = { $name ->
    [0] No mail has to be tried again.
    [1] The mail is tried again.
   *[other] { $name } mails are tried again.
}
flash-order-noted = Order { $name }: the note is there, and the person is told.
flash-order-noted-privately = Order { $name }: the note is there, for HR alone.
flash-address-saved = Address saved.
flash-address-removed = Address removed.
flash-address-default = This is now your default address.
flash-person-entered = { $name } is entered.
flash-person-saved = { $name } is saved.
flash-person-deactivated = { $name } is deactivated.
flash-person-reactivated = { $name } is active again.
flash-people-imported = The sheet is entered.
