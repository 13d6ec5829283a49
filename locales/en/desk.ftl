# The desk of HR: the way from one desk to another, and what all of them share.

desk-nav-label = HR desk
desk-overview = Overview
desk-points = Points
desk-orders = Orders
desk-products = Products
desk-people = People
desk-reports = Reports
desk-audit = Audit

sheet-empty = There are no rows in this file.
sheet-not-text = This file cannot be read as a sheet. Please save it as CSV.
sheet-unreadable = Line { $line } cannot be read. Please save the sheet as CSV again.
sheet-too-many-rows = A sheet can have { $most } rows at most. Please split it.
sheet-too-many-columns = A sheet can have { $most } columns at most.
sheet-cell-too-long = A cell in line { $line } has more than { $most } characters.
