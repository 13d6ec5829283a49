# Signing in and out.

auth-signed-out-title = You are signed out
auth-signed-out = See you soon.
auth-sign-in-again = Sign in again
auth-provider-sign-out-why = On a shared computer, sign out of your company account too:
auth-provider-sign-out = sign out there as well
auth-ask-hr-title = You are not in the shop yet
auth-ask-hr = Your company account works, but nobody has added you to the shop. HR can do that in a minute.
auth-ask-hr-email = Your company account { $email } works, but nobody has added you to the shop. HR can do that in a minute.
auth-another-account = Use another account
auth-problem-title = Signing in did not work
auth-try-again = Try again
auth-problem-expired = The sign-in took too long, or was begun in another window.
auth-problem-refused = The sign-in was cancelled.
auth-problem-failed = Your company’s sign-in gave an answer the shop cannot accept.
auth-problem-after-form = Your session had ended, so what you sent was not done. Sign in and try again.
auth-problem-unavailable = Your company’s sign-in cannot be reached just now. Please try again in a moment.
auth-problem-inactive = Your account in the shop is not active. Please ask HR.
