package api

import (
	"maps"
	"slices"

	"jouleline/api/access"
)

// rule is what a route demands of its caller.
type rule struct {
	scope access.Scope
	// whole tells that the answer speaks of everything, so that a caller who is
	// limited to a region or institution gets none.
	whole bool
	// page tells that a browser shows the answer, so that a refusal is a page too.
	page bool
	// form tells that a browser that has signed in may send it: the request comes
	// from a page of this server, which the check of its origin and the cookie's
	// SameSite see to.
	form bool
	// changes tells that the request may take as long as a change may.
	changes bool
}

// rules is the only place that gives a route its scope.
var rules = map[string]rule{
	"GET /{$}":                      {scope: access.Read, page: true},
	"GET /region/{id}":              {scope: access.Read, page: true},
	"GET /region/{id}/path":         {scope: access.Read, page: true},
	"GET /region/{id}/institutions": {scope: access.Read, page: true},
	"GET /region/{id}/quality":      {scope: access.Read, page: true},
	"GET /institution/{id}":         {scope: access.Read, page: true},
	"GET /institution/{id}/quality": {scope: access.Read, page: true},
	"GET /building/{id}":            {scope: access.Read, page: true},
	"GET /building/{id}/quality":    {scope: access.Read, page: true},
	"GET /meter/{id}":               {scope: access.Read, page: true},
	"GET /meter/{id}/readings":      {scope: access.Read, page: true},
	"GET /explain":                  {scope: access.Read, page: true},
	"POST /mute":                    {scope: access.Read, page: true, changes: true, form: true},
	"POST /unmute":                  {scope: access.Read, page: true, changes: true, form: true},
	"GET /assets/{version}/{file}":  {scope: access.Public, page: true},
	"GET /sign-in":                  {scope: access.Public, page: true},
	"POST /sign-in":                 {scope: access.Public, page: true},
	"POST /sign-out":                {scope: access.Public, page: true},

	"GET /healthz":      {scope: access.Public},
	"GET /readyz":       {scope: access.Public},
	"GET /openapi.json": {scope: access.Public},
	"GET /docs":         {scope: access.Public},
	"GET /docs/":        {scope: access.Public},
	"GET /metrics":      {scope: access.Read, whole: true},

	// Other instances ask here. The handler wants the token that they share.
	"POST /peer/v1/{question}": {scope: access.Public, changes: true},

	"POST /api/v1/readings": {scope: access.Push},
	"POST /api/v2/write":    {scope: access.Push},

	"GET /api/v1/readings":           {scope: access.Read},
	"GET /api/v1/rules":              {scope: access.Read},
	"GET /api/v1/consumption":        {scope: access.Read},
	"GET /api/v1/indicators":         {scope: access.Read},
	"GET /api/v1/progress":           {scope: access.Read},
	"GET /api/v1/progress/breakdown": {scope: access.Read},
	"GET /api/v1/plans":              {scope: access.Read},
	"GET /api/v1/allocation":         {scope: access.Read},
	"GET /api/v1/forecast":           {scope: access.Read},
	"GET /api/v1/decomposition":      {scope: access.Read},
	"GET /api/v1/benchmark":          {scope: access.Read},
	"GET /api/v1/savings":            {scope: access.Read},
	"GET /api/v1/quality":            {scope: access.Read},
	"GET /api/v1/anomalies":          {scope: access.Read},
	"GET /api/v1/explain":            {scope: access.Read},
	"POST /api/v1/reports":           {scope: access.Read, changes: true},
	"GET /api/v1/reports":            {scope: access.Read},
	"GET /api/v1/reports/{id}":       {scope: access.Read},
	"GET /api/v1/forms/ny301":        {scope: access.Read},
	"GET /api/v1/forms/summary":      {scope: access.Read},
	"GET /api/v1/reports/midterm":    {scope: access.Read, changes: true},
	"GET /api/v1/reports/{id}/diff":  {scope: access.Read, changes: true},
	"GET /api/v1/registry/{table}":   {scope: access.Read, whole: true},

	"GET /api/v1/anomalies/mutes":         {scope: access.Read},
	"POST /api/v1/anomalies/mutes":        {scope: access.Read, changes: true},
	"DELETE /api/v1/anomalies/mutes/{id}": {scope: access.Read, changes: true},

	"GET /api/v1/rejected":       {scope: access.Admin},
	"GET /api/v1/backup":         {scope: access.Admin, whole: true, changes: true},
	"GET /api/v1/export":         {scope: access.Admin, whole: true, changes: true},
	"PUT /api/v1/registry":       {scope: access.Admin, changes: true},
	"POST /api/v1/events":        {scope: access.Admin, changes: true},
	"POST /api/v1/bills":         {scope: access.Admin, changes: true},
	"POST /api/v1/forms/ny301":   {scope: access.Admin, changes: true},
	"POST /api/v1/recompute":     {scope: access.Admin, changes: true},
	"POST /api/v1/verify":        {scope: access.Admin, changes: true},
	"POST /api/v1/replay":        {scope: access.Admin, changes: true},
	"GET /api/v1/tokens":         {scope: access.Admin},
	"POST /api/v1/tokens":        {scope: access.Admin},
	"DELETE /api/v1/tokens/{id}": {scope: access.Admin},

	"GET /prometheus/api/v1/query":                {scope: access.Read},
	"POST /prometheus/api/v1/query":               {scope: access.Read},
	"GET /prometheus/api/v1/query_range":          {scope: access.Read},
	"POST /prometheus/api/v1/query_range":         {scope: access.Read},
	"GET /prometheus/api/v1/series":               {scope: access.Read},
	"POST /prometheus/api/v1/series":              {scope: access.Read},
	"GET /prometheus/api/v1/labels":               {scope: access.Read},
	"POST /prometheus/api/v1/labels":              {scope: access.Read},
	"GET /prometheus/api/v1/label/{name}/values":  {scope: access.Read},
	"POST /prometheus/api/v1/label/{name}/values": {scope: access.Read},
	"GET /prometheus/api/v1/metadata":             {scope: access.Read},
	"POST /prometheus/api/v1/metadata":            {scope: access.Read},
	"GET /prometheus/api/v1/status/buildinfo":     {scope: access.Read},
	"POST /prometheus/api/v1/status/buildinfo":    {scope: access.Read},

	"GET /api/v1/influx":           {scope: access.Admin},
	"GET /api/v1/influx/rejected":  {scope: access.Admin},
	"POST /api/v1/influx/backfill": {scope: access.Admin},
}

// Routes lists the patterns of all routes, as "GET /api/v1/progress".
func Routes() []string { return slices.Sorted(maps.Keys(rules)) }
