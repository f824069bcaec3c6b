"""Forms made from a template: interviews, return visits, ratings, and letters about a case."""
