"""HTTP: routes, problem answers, the request's record and the front page."""
