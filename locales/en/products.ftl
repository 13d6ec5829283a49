# The products desk: products, categories, stock and codes.

hr-products-title = Products
hr-products-new = New product
hr-products-search = Search products
hr-products-state-current = All but archived
hr-products-category-all = All categories
hr-products-kind-all = Any kind
hr-products-stock-all = Any stock
hr-products-stock-low = Running low
hr-products-stock-out = Sold out
hr-products-none-title = No products yet
hr-products-none = The first one begins as a draft that nobody sees until you list it.
hr-products-number = { $count }
hr-products-pieces = { $count ->
    [one] { $count } piece
   *[other] { $count } pieces
}

hr-product-picture = Picture
hr-product-name = Name
hr-product-slug = Address (made of the name when left empty)
hr-product-slug-column = Address
hr-product-slug-fixed = Its address is /products/{ $slug } and stays, as people may have kept it.
hr-product-category = Category
hr-product-kind = Kind
hr-product-kind-fixed = It stays, as there has been stock of it.
hr-product-kind-physical = Physical
hr-product-kind-digital = Digital code
hr-product-state = State
hr-product-state-draft = Draft
hr-product-state-listed = Listed
hr-product-state-unlisted = Unlisted
hr-product-state-archived = Archived
hr-product-state-waiting = Listed, not yet shown
hr-product-state-ended = Listed, no longer shown
hr-product-points = Points
hr-product-stock = Stock
hr-product-low = Low
hr-product-sold = Redeemed
hr-product-added = Added
hr-product-description = Description (a blank line begins a paragraph)
hr-product-how-to-use = How to use it
hr-product-terms = Terms
hr-product-window = When employees see it
hr-product-window-hint = As long as it is listed. Left empty, it is always shown. Both days are included.
hr-product-visible-from = First day
hr-product-visible-until = Last day
hr-product-always = Always, while it is listed
hr-product-from-day = From { $day }
hr-product-until-day = Until { $day }
hr-product-limit-legend = Limit for each person
hr-product-limit-count = Pieces (empty for no limit)
hr-product-limit-period = In a
hr-product-limit = { $period ->
    [week] { $count } a week
    [month] { $count } a month
    [year] { $count } a year
   *[ever] { $count } ever
}
hr-product-no-limit = None
hr-product-period-week = Week
hr-product-period-month = Month
hr-product-period-year = Year
hr-product-period-ever = Lifetime
hr-product-low-stock-at = Low at
hr-product-low-stock-label = Say “only a few left” from this stock on
hr-product-low-stock-said = It counts as low from { $count } on.
hr-product-save = Save changes
hr-product-save-draft = Save as a draft
hr-product-cancel = Cancel
hr-product-edit = Edit
hr-product-edit-title = Edit { $name }
hr-product-list = List it
hr-product-unlist = Take it off the shelves
hr-product-archive = Archive
hr-product-restore = Take it out of the archive
hr-product-remove = Remove this draft
hr-product-in-shop = Look at it in the shop
hr-product-facts = Facts
hr-product-words = What employees read
hr-product-no-pictures = None yet. A picture makes the difference.
hr-product-pictures-edit = Change pictures

flash-product-created = { $name } is a draft now. List it when it is ready.
flash-product-changed = { $name } was changed.
flash-product-listed = { $name } is listed.
flash-product-unlisted = { $name } is off the shelves.
flash-product-archived = { $name } is archived.
flash-product-removed = The draft { $name } was removed.

hr-categories-title = Categories
hr-categories-new = Name of a new category
hr-categories-add = Add
hr-categories-change = Change
hr-categories-name = Name
hr-categories-rename = Rename
hr-categories-remove = Remove this empty category
hr-categories-up = Move { $name } up
hr-categories-down = Move { $name } down
hr-categories-listed = { $count } listed
hr-categories-archived = { $count } archived
hr-categories-not-removable = Archived products stand in this category still. It can be removed when they are moved to another one.

flash-category-created = The category { $name } was added.
flash-category-renamed = The category is called { $name } now.
flash-category-removed = The category { $name } was removed.

hr-stock-title = Stock and moves
hr-stock-of = Stock of { $name }
hr-stock-now = In stock now
hr-stock-more = One more
hr-stock-less = One less
hr-stock-step-hint = Each click is one piece and stands in the moves below. What is sold meanwhile counts, too.
hr-stock-adjust = Adjust with a reason
hr-stock-reason = Reason
hr-stock-reason-all = Any reason
hr-stock-filter = Show moves for
hr-stock-pieces = Pieces
hr-stock-note = Note
hr-stock-note-label = Note (delivery note, what happened)
hr-stock-count-hint = { $count ->
    [one] For “Counted”, enter how many there are in all; the shop believes there is { $count }.
   *[other] For “Counted”, enter how many there are in all; the shop believes there are { $count }.
}
hr-stock-book = Book it
hr-stock-moves = Moves
hr-stock-count = { $count ->
    [one] { $count } move
   *[other] { $count } moves
}
hr-stock-count-more = More than { $count } moves
hr-stock-none = Nothing has moved yet.
hr-stock-none-such = Nothing has moved for this reason.
hr-stock-at = When
hr-stock-order = Order
hr-stock-who = By
hr-stock-sold = Redeemed
hr-stock-returned = Returned from an order
hr-stock-received = Received
hr-stock-found = Found
hr-stock-damaged = Damaged
hr-stock-lost = Lost
hr-stock-taken-out = Taken out
hr-stock-corrected = Corrected by one
hr-stock-counted = Counted
hr-stock-withdrawn = Code withdrawn

flash-stock-adjusted = The stock of { $name } was changed.

hr-codes-title = Codes
hr-codes-of = Codes of { $name }
hr-codes-free = Free
hr-codes-assigned = Redeemed, not yet shown
hr-codes-revealed = Shown to their owner
hr-codes-withdrawn = Withdrawn
hr-codes-bring = Add codes
hr-codes-bring-hint = One code a line, up to { $count } at once. Codes the shop has already are left out, wherever they are. Nobody here ever sees more than the last four characters again.
hr-codes-paste = Paste codes
hr-codes-add = Add these codes
hr-codes-file = A file
hr-codes-file-hint = Text or CSV with one column.
hr-codes-upload = Add from the file
hr-codes-added = { $count ->
    [0] No new codes were added.
    [one] { $count } new code was added.
   *[other] { $count } new codes were added.
}
hr-codes-repeated = { $count ->
    [0] No line was repeated.
    [one] { $count } line repeated an earlier one and was left out.
   *[other] { $count } lines repeated earlier ones and were left out.
}
hr-codes-known = { $count ->
    [0] No code was known already.
    [one] { $count } code was known already and was left out.
   *[other] { $count } codes were known already and were left out.
}
hr-codes-state = State
hr-codes-state-all = Any state
hr-codes-last-four = Last four
hr-codes-since = Since
hr-codes-added-at = Added
hr-codes-count = { $count ->
    [one] { $count } code
   *[other] { $count } codes
}
hr-codes-none = No codes yet.
hr-codes-none-such = No code fits.
hr-codes-withdraw = Withdraw
hr-codes-withdraw-this = Withdraw this code
hr-codes-reason = Why it is withdrawn

flash-code-withdrawn = The code was withdrawn and will not be sold.

refusal-form-reused = This form was used already for something else. Nothing was changed; here it is anew.
refusal-not-from-here = A product in this state cannot become that. Nothing was changed.
refusal-product-stays = This product has a history, so it can be archived but not removed.
refusal-category-not-empty = There are products in this category. Move them to another one first.
refusal-stock-too-low = { $left ->
    [0] There is none left, so none can go. Nothing was changed.
    [one] Only { $left } is left, so no more can go. Nothing was changed.
   *[other] Only { $left } are left, so no more can go. Nothing was changed.
}
refusal-stock-moved = The stock changed from { $was } to { $now } while you were counting. Nothing was booked; please count again.
refusal-stock-is-codes = The stock of a digital product is its free codes: it changes as codes are added, redeemed or withdrawn.
refusal-no-codes-here = Only digital products have codes.
refusal-code-not-free = This code was redeemed or withdrawn meanwhile.

form-not-a-slug = Please use small letters a to z, digits and dashes.
form-fixed = This can no longer be changed.
form-too-many = Please keep this to { $max } at once.
form-full = There are { $max } already, and there cannot be more.
form-line-too-long = Line { $line } is longer than { $max } characters.
form-not-one-a-line = Line { $line } holds more than one code. Please put one code on each line.
form-not-text = This file is not text. Please save it as text or CSV.
