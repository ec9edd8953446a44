// Package page is what people look at: the progress of regions against their plan
// and the use of institutions, buildings and meters, as HTML.
//
// It answers a planner's "is every city on its path" and a manager's "where does
// the energy go, what is missing, what is wrong" in Chinese and English. It
// refuses to compute figures and to decide who may see what: it asks [Answers],
// which are the API's own, and shows what they say. Its invariants:
//
//   - every number is in the HTML with its unit; charts repeat numbers and add
//     none, so that nothing needs a script, and every number has a link to what it
//     rests on;
//   - what is not known is a dash with its reason, never 0;
//   - times are local to the building, and say so;
//   - nothing is loaded from elsewhere, and no script or style stands in the page:
//     the security policy allows this server's files only;
//   - all words are in one table of messages, in both languages.
//
// A file is a page (region.go, cities.go, place.go, readings.go, quality.go,
// signin.go) or a part of all of them: site (routes), frame (what surrounds a
// page), message and wording (languages), number (figures as text), chart, map.
package page
