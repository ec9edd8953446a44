package api

import (
	"maps"
	"slices"
)

// rule is what a route demands of its caller.
type rule struct {
	scope Scope
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
	"GET /{$}":                      {scope: Read, page: true},
	"GET /region/{id}":              {scope: Read, page: true},
	"GET /region/{id}/path":         {scope: Read, page: true},
	"GET /region/{id}/institutions": {scope: Read, page: true},
	"GET /region/{id}/quality":      {scope: Read, page: true},
	"GET /institution/{id}":         {scope: Read, page: true},
	"GET /institution/{id}/quality": {scope: Read, page: true},
	"GET /building/{id}":            {scope: Read, page: true},
	"GET /building/{id}/quality":    {scope: Read, page: true},
	"GET /meter/{id}":               {scope: Read, page: true},
	"GET /meter/{id}/readings":      {scope: Read, page: true},
	"GET /explain":                  {scope: Read, page: true},
	"POST /mute":                    {scope: Read, page: true, changes: true, form: true},
	"POST /unmute":                  {scope: Read, page: true, changes: true, form: true},
	"GET /assets/{version}/{file}":  {scope: Public, page: true},
	"GET /sign-in":                  {scope: Public, page: true},
	"POST /sign-in":                 {scope: Public, page: true},
	"POST /sign-out":                {scope: Public, page: true},

	"GET /healthz":      {scope: Public},
	"GET /readyz":       {scope: Public},
	"GET /openapi.json": {scope: Public},
	"GET /docs":         {scope: Public},
	"GET /docs/":        {scope: Public},
	"GET /metrics":      {scope: Read, whole: true},

	// Other instances ask here. The handler wants the token that they share.
	"POST /peer/v1/{question}": {scope: Public, changes: true},

	"POST /api/v1/readings": {scope: Push},
	"POST /api/v2/write":    {scope: Push},

	"GET /api/v1/readings":           {scope: Read},
	"GET /api/v1/rules":              {scope: Read},
	"GET /api/v1/consumption":        {scope: Read},
	"GET /api/v1/indicators":         {scope: Read},
	"GET /api/v1/progress":           {scope: Read},
	"GET /api/v1/progress/breakdown": {scope: Read},
	"GET /api/v1/plans":              {scope: Read},
	"GET /api/v1/allocation":         {scope: Read},
	"GET /api/v1/forecast":           {scope: Read},
	"GET /api/v1/decomposition":      {scope: Read},
	"GET /api/v1/benchmark":          {scope: Read},
	"GET /api/v1/savings":            {scope: Read},
	"GET /api/v1/quality":            {scope: Read},
	"GET /api/v1/anomalies":          {scope: Read},
	"GET /api/v1/explain":            {scope: Read},
	"POST /api/v1/reports":           {scope: Read, changes: true},
	"GET /api/v1/reports":            {scope: Read},
	"GET /api/v1/reports/{id}":       {scope: Read},
	"GET /api/v1/forms/ny301":        {scope: Read},
	"GET /api/v1/forms/summary":      {scope: Read},
	"GET /api/v1/reports/midterm":    {scope: Read, changes: true},
	"GET /api/v1/reports/{id}/diff":  {scope: Read, changes: true},
	"GET /api/v1/registry/{table}":   {scope: Read, whole: true},

	"GET /api/v1/anomalies/mutes":         {scope: Read},
	"POST /api/v1/anomalies/mutes":        {scope: Read, changes: true},
	"DELETE /api/v1/anomalies/mutes/{id}": {scope: Read, changes: true},

	"GET /api/v1/rejected":       {scope: Admin},
	"GET /api/v1/backup":         {scope: Admin, whole: true, changes: true},
	"GET /api/v1/export":         {scope: Admin, whole: true, changes: true},
	"PUT /api/v1/registry":       {scope: Admin, changes: true},
	"POST /api/v1/events":        {scope: Admin, changes: true},
	"POST /api/v1/bills":         {scope: Admin, changes: true},
	"POST /api/v1/forms/ny301":   {scope: Admin, changes: true},
	"POST /api/v1/recompute":     {scope: Admin, changes: true},
	"POST /api/v1/verify":        {scope: Admin, changes: true},
	"POST /api/v1/replay":        {scope: Admin, changes: true},
	"GET /api/v1/tokens":         {scope: Admin},
	"POST /api/v1/tokens":        {scope: Admin},
	"DELETE /api/v1/tokens/{id}": {scope: Admin},

	"GET /prometheus/api/v1/query":                {scope: Read},
	"POST /prometheus/api/v1/query":               {scope: Read},
	"GET /prometheus/api/v1/query_range":          {scope: Read},
	"POST /prometheus/api/v1/query_range":         {scope: Read},
	"GET /prometheus/api/v1/series":               {scope: Read},
	"POST /prometheus/api/v1/series":              {scope: Read},
	"GET /prometheus/api/v1/labels":               {scope: Read},
	"POST /prometheus/api/v1/labels":              {scope: Read},
	"GET /prometheus/api/v1/label/{name}/values":  {scope: Read},
	"POST /prometheus/api/v1/label/{name}/values": {scope: Read},
	"GET /prometheus/api/v1/metadata":             {scope: Read},
	"POST /prometheus/api/v1/metadata":            {scope: Read},
	"GET /prometheus/api/v1/status/buildinfo":     {scope: Read},
	"POST /prometheus/api/v1/status/buildinfo":    {scope: Read},

	"GET /api/v1/influx":           {scope: Admin},
	"GET /api/v1/influx/rejected":  {scope: Admin},
	"POST /api/v1/influx/backfill": {scope: Admin},
}

// Routes lists the patterns of all routes, as "GET /api/v1/progress".
func Routes() []string { return slices.Sorted(maps.Keys(rules)) }
