module jouleline

go 1.26
