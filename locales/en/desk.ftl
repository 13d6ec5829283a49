# The desk of HR: the way from one desk to another, and what all of them share.

desk-nav-label = HR desk
desk-overview = Overview
desk-points = Points
desk-orders = Orders
desk-products = Products
desk-people = People
desk-reports = Reports
desk-audit = Audit
