// Package decompose answers because of what a total changed: it splits the change
// of V = sum_i x_i1 x_i2 ... x_in between two periods into one effect per factor,
// by the logarithmic mean Divisia index LMDI-I (Ang, Energy Policy 33 (2005),
// 867-871; Ang and Liu, Energy 26 (2001), 537-548).
//
//	additive        dV_k = sum_i L(V_i^T, V_i^0) ln(x_ik^T/x_ik^0),   sum_k dV_k = V^T - V^0
//	multiplicative  D_k  = exp(dV_k / L(V^T, V^0)),                    prod_k D_k = V^T/V^0
//	log mean        L(a, b) = (a-b)/(ln a - ln b),  L(a, a) = a
//
// The effects add up to the whole change: nothing is left over. Zeros are taken at
// their analytical limits (Wood and Lenzen, Energy Policy 34 (2006), 1326-1331;
// Ang and Liu, Energy Policy 35 (2007), 238-246), never by filling in a small
// number. [Chain] decomposes year by year and sums.
//
// It refuses negative values (split import from export first), a table whose rows
// are of different length, and the multiplicative form where a total is zero.
package decompose
