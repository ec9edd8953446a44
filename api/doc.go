// Package api answers over HTTP: how far a region has come, what a meter used,
// how sure that is, and what became of each reading.
//
// It answers planners' and managers' questions by the contract of OpenAPI 3.1 at
// /openapi.json, and mounts the handlers by which gateways push readings. It
// refuses to store, to judge or to compute: it asks the books through the small
// interfaces of [Config], lets metrics and analytics work, and writes down their
// answers. Its invariants:
//
//   - every route has a scope in one table ([Routes]); a route without one cannot
//     be registered, and a request without a grant for it is not answered;
//   - bad input never gives a status of 500: one table turns errors into statuses,
//     and every error is a problem document of RFC 9457;
//   - every body, query and list is bounded by limits;
//   - a number is a float only in the text of an answer, and one that is not known
//     is null.
//
// The questions live in rooms below, by who asks them: planner (how far, what
// lies ahead), ledger (what was read and used), proof (why, and is it so), monitor
// (how sure, what looks wrong), paper (reports and forms), admin (what the books
// rest on). They stand on table, problem and access, which know no question; query
// (the words of questions); world (what they are asked of) and contract (the
// document and the encodings). Panel gives the same figures as series for PromQL. Here
// are the server itself, its routes, and what pages are answered with.
package api
