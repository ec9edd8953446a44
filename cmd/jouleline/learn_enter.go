package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"jouleline/schema"
	"jouleline/schema/registry"
)

// enter puts what was learned beside the rates that stand by now.
func (l *learning) enter(ctx context.Context, lessons []lesson) error {
	world, err := l.metersKnown(ctx) // learning takes a while: others may have learned too
	if err != nil {
		return err
	}
	added := 0
	for i := range lessons {
		done := &lessons[i]
		if done.basis == "" {
			continue
		}
		if l.standing(world, done.Meter) >= 0 {
			done.Verdict = "kept: another one was learned meanwhile"
			continue
		}
		version := nextVersion(world.LearnedOf(done.Meter), func(r *schema.LearnedRate) string { return r.Version })
		world.Learned = append(world.Learned, schema.LearnedRate{
			Meter: done.Meter, From: l.validFrom, MaxRate: done.Rate, Learned: l.stretch,
			Version: version, Author: l.Author, Reason: l.Reason + " (" + done.basis + ")",
		})
		slices.SortFunc(world.Learned, func(a, b schema.LearnedRate) int {
			return cmp.Or(strings.Compare(a.Meter, b.Meter), cmp.Compare(a.From, b.From))
		})
		added++
	}
	if added == 0 {
		return nil
	}
	return l.put(ctx, world, registry.LearnedFile)
}

// put replaces one table of the server's registry.
func (r *Remote) put(ctx context.Context, world *registry.Registry, file string) error {
	table, err := world.Table(file)
	if err != nil {
		return err
	}
	packed, err := zipTables(registry.Tables{file: table})
	if err != nil {
		return err
	}
	_, err = r.send(ctx, http.MethodPut, "/api/v1/registry", "application/zip", bytes.NewReader(packed))
	return err
}

// nextVersion is one more than the greatest of the facts' versions that are numbers.
func nextVersion[F any](facts []F, version func(*F) string) string {
	greatest := 0
	for i := range facts {
		if n, err := strconv.Atoi(version(&facts[i])); err == nil {
			greatest = max(greatest, n)
		}
	}
	return strconv.Itoa(greatest + 1)
}

// metersKnown fetches what the registry says about meters, their learned rates and
// profiles, with the tables that these refer to.
func (r *Remote) metersKnown(ctx context.Context) (*registry.Registry, error) {
	tables := registry.Tables{}
	for _, file := range []string{
		registry.RegionsFile, registry.DepartmentsFile, registry.StationsFile, registry.InstitutionsFile,
		registry.BuildingsFile, registry.MetersFile, registry.LearnedFile, registry.ProfilesFile,
	} {
		text, err := r.get(ctx, "/api/v1/registry/"+url.PathEscape(file), nil, "text/csv")
		if err != nil {
			return nil, err
		}
		tables[file] = text
	}
	world, err := registry.Build(tables, registry.Options{})
	if err != nil {
		return nil, fmt.Errorf("read the server's registry: %w", err)
	}
	return world, nil
}
