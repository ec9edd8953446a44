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
//     be registered, and a request without a [Grant] for it is not answered;
//   - bad input never gives a status of 500: one table turns errors into statuses,
//     and every error is a problem document of RFC 9457;
//   - every body, query and list is bounded by [Limits];
//   - a number is a float only in the text of an answer, and one that is not known
//     is null.
//
// A file is a question (progress.go, consumption.go, ...) or a part of the house:
// router and access, parameter and scope, world and history, encode and table,
// problem.
package api
