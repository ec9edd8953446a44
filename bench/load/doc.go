// Command load measures the whole machine from end to end: what a direct
// producer puts on the topic is stored, booked and queryable, at which rate, how
// soon, in how much memory and disk, and how long planners' questions take.
//
//	go run ./bench/load                      every row, three runs each; prints a table, writes JSON
//	go run ./bench/load --only mix_line_1    one row
//	go run ./bench/load --readings 300000    a short look
//
// It answers with the table of the design's goals, each figure a median with its
// spread and the verdict goal, pass or short. It refuses to be a test of speed:
// the exit code is 0 however slow the machine is, 1 where a result was wrong or a
// row could not be measured, 2 for wrong usage.
//
// Invariants:
//
//   - generating and producing readings stand outside the clock;
//   - every run has a process, a folder, a broker and a store of its own, so that
//     no row pays or profits from another, and memory is that of the row;
//   - what was booked is compared with what the simulator counted; a wrong total
//     fails the run, since a fast wrong answer is worth nothing;
//   - everything is bounded in count and in time, and ended cleanly.
//
// README.md one folder up tells how each figure comes about.
package main
