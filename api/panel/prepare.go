package panel

import "context"

// Prepare makes the labels that sums over all institutions begin with, where they are
// not made yet: the first such question would, and take half a second longer among
// 45,000 institutions. They hold until the registry changes, or something moves on a
// day that was registered ahead.
func (p *Panels) Prepare(ctx context.Context) error {
	w, err := p.World(ctx, 0)
	if err != nil {
		return err
	}
	p.catalog(w, w.Calendar().DayOf(p.Now())).accounts()
	return nil
}
