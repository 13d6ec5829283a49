# A person's addresses, and the countries parcels go to.

people-addresses-title = Your addresses
people-addresses-new = Add an address
people-addresses-empty-title = No address yet
people-addresses-empty = Add one, and parcels know where to go.
people-address-default = Default
people-address-edit = Edit
people-address-make-default = Make default
people-address-remove = Remove
people-address-new-title = New address
people-address-edit-title = Edit address
people-address-back = Back
people-address-recipient = Name of the recipient
people-address-line1 = Street and number
people-address-line2 = Flat, floor, company (optional)
people-address-postcode = Postcode
people-address-city = Town or city
people-address-region = State or region (optional)
people-address-country = Country
people-address-country-choose = Choose a country
people-address-phone = Phone for the courier (optional)
people-address-make-default-tick = Use this address by default
people-address-save = Save address
people-address-cancel = Cancel

country-ae = United Arab Emirates
country-at = Austria
country-au = Australia
country-be = Belgium
country-br = Brazil
country-ca = Canada
country-ch = Switzerland
country-cn = China
country-cz = Czechia
country-de = Germany
country-dk = Denmark
country-es = Spain
country-fi = Finland
country-fr = France
country-gb = United Kingdom
country-gr = Greece
country-hu = Hungary
country-ie = Ireland
country-in = India
country-it = Italy
country-jp = Japan
country-kr = South Korea
country-lu = Luxembourg
country-mx = Mexico
country-nl = Netherlands
country-no = Norway
country-nz = New Zealand
country-pl = Poland
country-pt = Portugal
country-ro = Romania
country-se = Sweden
country-sg = Singapore
country-us = United States
country-za = South Africa

# The desk: everybody, one person, and sheets of people.

people-title = People
people-new = New person
people-import = Import a sheet
people-export = Download as CSV
people-search-label = Search people
people-search-placeholder = Name, number, department or e-mail
people-list-label = People
people-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
people-none-title = Nobody fits
people-none = Try another word, or fewer filters.
people-show-all = Show everybody
people-empty-title = Nobody yet
people-empty = Import a sheet, and everybody is here.
people-filter-department = Department
people-filter-office = Office
people-filter-state = Show
people-all-departments = All departments
people-all-offices = All offices
people-everybody = Everybody
people-active = Active
people-left = Left
people-never-signed-in = Never signed in
people-name = Name
people-employee-number = Number
people-email = E-mail
people-department = Department
people-office = Office
people-hired-on = Hired on
people-birthday = Birthday
people-state = State
people-balance = Balance
people-earned = Earned
people-spent = Spent
people-last-seen = Last seen
people-left-on = Left on { $day }

people-back = People
people-edit = Edit
people-profile = Profile
people-points = Points
people-account = Lots and statement
people-account-open = Open the account
people-orders = Orders
people-orders-open = Open the orders
people-points-kept = What is left is kept for ever.
people-points-kept-until = What is left is kept until { $day }.
people-deeds = What was done to this account
people-deeds-none = Nothing yet.
people-deeds-latest = Only the latest { $count } are shown.
people-deeds-all = Everything done about this person
people-by-shop = The shop
people-deed-enter = Entered
people-deed-edit = Changed
people-deed-link = Signed in for the first time
people-deed-roles = Roles changed
people-deed-deactivate = Deactivated
people-deed-reactivate = Reactivated
people-deed-points-end = Points ended after leaving
people-deed-grant = Granted { $points } { $points ->
    [one] point
   *[other] points
}
people-deed-deduct = Deducted { $points } { $points ->
    [one] point
   *[other] points
}
people-deed-undo = Grant taken back
people-deed-override = Exception to a rule changed
people-deed-cancel = Order { $number } cancelled
people-deed-cancel-part = Part of order { $number } cancelled
people-change = { $field }: { $before } → { $after }
people-before-after = { $before } → { $after }
people-deactivate = Deactivate
people-deactivate-hint = Their next click ends at the sign-in. Points, orders and history stay.
people-deactivate-own = Nobody deactivates themselves. Please ask somebody else at this desk.
people-reactivate = Reactivate
people-reactivate-hint = They can sign in again. Points that ended meanwhile stay ended.
people-reason = Reason

people-form-new-title = New person
people-form-edit-title = Edit { $name }
people-form-number-hint = Nobody else has the same number or the same e-mail address.
people-no-office = No office
people-form-save = Save
people-form-cancel = Cancel

people-imports-title = Import people
people-imports-file = Sheet
people-imports-hint = CSV with the columns Number, Name, E-mail, and if you like Department, Office, Hired on and Birthday. An empty cell leaves things as they are. { $most } rows at most.
people-imports-explain = Nothing is entered before you have seen what would change.
people-imports-upload = Check the sheet
people-imports-list = Sheets
people-imports-count = { $count ->
    [one] { $count } sheet
   *[other] { $count } sheets
}
people-imports-search-label = Search sheets
people-imports-search-placeholder = File or who uploaded it
people-imports-all = All
people-imports-none = No sheet yet.
people-imports-none-title = No sheet fits
people-imports-none-fit = Try another word, or fewer filters.
people-imports-show-all = Show all sheets
people-imports-column-file = File
people-imports-column-rows = Rows
people-imports-column-maker = By
people-imports-column-created = Uploaded
people-imports-column-state = State
people-imports-column-entered = Entered on
people-imports-waiting = Not entered
people-imports-done = Entered
people-import-no-file = Please choose a file.
people-import-no-column = There is no column “{ $column }” in this file.
people-import-by = { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
}, uploaded by { $maker }
people-import-again = This very file was entered before, on { $day }.
people-import-preview = Nothing has been entered yet. This is what would happen now.
people-import-over = Entered on { $day }.
people-import-enter = Enter { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
people-import-nothing = There is nothing to enter.
people-import-download = Download refused rows
people-import-kinds = Rows to look at
people-import-all = All
people-import-new = New
people-import-changed = Changed
people-import-unchanged = Unchanged
people-import-refused = Refused
people-import-about-leavers = About people who have left
people-import-has-left = Has left. The import does not bring them back; reactivate them on their page.
people-import-open-leaver = Open the page of { $name }
people-import-rows = Rows
people-import-no-rows = No such rows.
people-import-count = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
people-import-column-line = Line
people-import-column-what = What happens
people-import-why = Why not
people-import-missing = { $field }: This is missing.
people-import-too-long = { $field }: Please keep this to { $most } characters.
people-import-not-an-email = E-mail: This is no e-mail address.
people-import-not-born-yet = Birthday: This day is still to come.
people-import-no-office = Office: There is no such office.
people-import-not-a-day = { $field }: Please write it as 2026-11-21 or 21.11.2026.
people-import-number-twice = Line { $line } has the same number.
people-import-email-twice = Line { $line } has the same e-mail address.
people-import-person-twice = Line { $line } is about the same person.
people-import-email-of-another = This e-mail address belongs to somebody with another number.
people-import-email-of-leaver = This e-mail address belongs to somebody who has left ({ $name }, number { $number }).
people-import-email-of-leaver-without-number = This e-mail address belongs to somebody who has left ({ $name }).
