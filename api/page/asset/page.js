// Draws the charts of a page from the numbers that the page carries. Everything
// that is drawn is in the page as text too.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  var charts = [];

  function color(name) { return getComputedStyle(root).getPropertyValue("--" + name).trim(); }
  function palette() { return [1, 2, 3, 4, 5, 6].map(function (i) { return color("series" + i); }); }
  function rounded(v) {
    if (v === null || v === undefined || v === "-") return "—";
    var size = Math.abs(v);
    return size >= 1000 ? Math.round(v).toLocaleString("en-US") : size >= 100 ? v.toFixed(1) : v.toFixed(2);
  }
  function axis(extra) {
    return Object.assign({
      axisLine: { lineStyle: { color: color("line") } }, axisTick: { show: false },
      axisLabel: { color: color("quiet"), hideOverlap: true }, splitLine: { lineStyle: { color: color("line"), opacity: 0.6 } },
    }, extra);
  }
  // Tips are drawn in the canvas: the security policy allows no style in the page.
  function tip(extra) {
    return Object.assign({
      renderMode: "richText", confine: true, backgroundColor: color("card"), borderColor: color("line"),
      textStyle: { color: color("ink"), fontSize: 12 },
    }, extra);
  }
  function base() {
    return { animation: false, color: palette(), textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: color("ink") } };
  }
  function legend(extra) { return Object.assign({ textStyle: { color: color("quiet") }, itemWidth: 16, itemHeight: 9, icon: "roundRect" }, extra); }
  function listOf(unit) {
    return function (items) {
      return [items[0].axisValueLabel || items[0].name].concat(items.map(function (i) {
        return i.seriesName + ": " + rounded(i.value) + " " + unit;
      })).join("\n");
    };
  }

  var draw = {
    path: function (d) {
      var shown = d.expected ? [d.actual, d.path, d.forecast] : [d.actual, d.path];
      var forecast = d.expected ? [
        { name: "low", type: "line", stack: "band", data: d.low, symbol: "none", lineStyle: { opacity: 0 }, tooltip: { show: false }, silent: true },
        { name: "band", type: "line", stack: "band", data: d.high.map(function (v, i) { return v === null ? null : v - d.low[i]; }), symbol: "none", lineStyle: { opacity: 0 }, areaStyle: { color: color("series4"), opacity: 0.2 }, silent: true },
        { name: d.forecast, type: "line", data: d.expected, symbolSize: 6, lineStyle: { color: color("series4") }, itemStyle: { color: color("series4") } },
      ] : [];
      return Object.assign(base(), {
        grid: { left: 4, right: 12, top: 30, bottom: 4, containLabel: true },
        legend: legend({ top: 0, left: 0, data: shown }),
        tooltip: tip({ trigger: "axis", formatter: function (items) { return listOf(d.unit)(items.filter(function (i) { return shown.indexOf(i.seriesName) >= 0; })); } }),
        xAxis: axis({ type: "category", data: d.years, boundaryGap: true }),
        yAxis: axis({ type: "value", axisLabel: { color: color("quiet"), formatter: "{value} %" } }),
        series: [
          { name: d.actual, type: "bar", data: d.values, barMaxWidth: 26, itemStyle: { color: color("series1"), borderRadius: [2, 2, 0, 0] } },
          { name: d.path, type: "line", data: d.planned, symbol: "none", lineStyle: { type: "dashed", width: 2, color: color("ink") }, itemStyle: { color: color("ink") } },
        ].concat(forecast),
      });
    },
    cities: function (d, narrow) {
      var series = d.lines.map(function (l) {
        var whole = l.mark === "whole";
        return {
          name: l.name, type: "line", data: l.values, symbolSize: 5, connectNulls: false, z: whole ? 4 : 2,
          lineStyle: { width: whole ? 4 : 1.6, color: whole ? color("ink") : color(l.mark) }, itemStyle: { color: whole ? color("ink") : color(l.mark) },
          emphasis: { focus: "series", lineStyle: { width: 4 } },
          endLabel: { show: !narrow, formatter: "{a}", color: color(whole ? "ink" : "quiet"), fontSize: 10, lineHeight: 13, fontWeight: whole ? 700 : 400 }, labelLayout: { moveOverlap: "shiftY" },
        };
      });
      series.push({ name: d.path, type: "line", data: d.planned, symbol: "none", z: 5, lineStyle: { type: "dashed", width: 2.5, color: color("ink") }, itemStyle: { color: color("ink") } });
      return Object.assign(base(), {
        grid: { left: 44, right: narrow ? 12 : 96, top: 16, bottom: 26 },
        tooltip: tip({ trigger: "item", formatter: function (i) { return i.seriesName + " " + i.name + ": " + rounded(i.value) + " " + d.unit; } }),
        xAxis: axis({ type: "category", data: d.years, boundaryGap: false }),
        yAxis: axis({ type: "value", scale: true, axisLabel: { color: color("quiet"), formatter: "{value} %" } }),
        series: series,
      });
    },
    course: function (d) {
      var series = d.lines.map(function (l, i) {
        return {
          name: l.name, type: "line", data: l.values, symbol: "none", connectNulls: false, z: i === 0 ? 3 : 2,
          lineStyle: { width: i === 0 ? 1.8 : 1.2, type: i === 0 ? "solid" : "dotted" }, areaStyle: i === 0 ? { opacity: 0.12 } : undefined,
        };
      });
      if (d.base !== undefined) {
        series[0].markLine = {
          silent: true, symbol: "none", data: [{ yAxis: d.base }], lineStyle: { color: color("series3"), type: "dashed", width: 1.5 },
          label: { formatter: d.baseName + " " + rounded(d.base) + " " + d.unit, position: "insideEndTop", color: color("ink"), textBorderColor: color("card"), textBorderWidth: 3 },
        };
      }
      return Object.assign(base(), {
        grid: { left: 4, right: 14, top: 34, bottom: 26, containLabel: true },
        legend: legend({ top: 0, right: 0 }),
        tooltip: tip({ trigger: "axis", formatter: listOf(d.unit) }),
        dataZoom: [{ type: "slider", height: 14, bottom: 4, borderColor: color("line"), textStyle: { color: color("quiet") } }],
        xAxis: axis({ type: "category", data: d.labels, boundaryGap: false, axisLabel: { color: color("quiet"), hideOverlap: true, alignMinLabel: "left", interval: function (i, label) { return / 00:00$/.test(label); }, formatter: function (label) { return label.slice(0, 5); } } }),
        yAxis: axis({ type: "value", name: d.unit, nameTextStyle: { color: color("quiet") } }),
        series: series,
      });
    },
    months: function (d) {
      return Object.assign(base(), {
        grid: { left: 4, right: 12, top: 34, bottom: 4, containLabel: true },
        legend: legend({ top: 0, right: 0 }),
        tooltip: tip({ trigger: "axis", formatter: listOf(d.unit) }),
        xAxis: axis({ type: "category", data: d.labels }),
        yAxis: axis({ type: "value", name: d.unit, nameTextStyle: { color: color("quiet") } }),
        series: d.lines.map(function (l) { return { name: l.name, type: "bar", data: l.values, barMaxWidth: 22 }; }),
      });
    },
    heat: function (d) {
      return Object.assign(base(), {
        grid: { left: 50, right: 10, top: 8, bottom: 56 },
        tooltip: tip({ formatter: function (i) { return d.days[i.value[0]] + " " + d.hours[i.value[1]] + ":00  " + rounded(i.value[2]) + " " + d.unit; } }),
        xAxis: axis({ type: "category", data: d.days, splitArea: { show: false } }),
        yAxis: axis({ type: "category", data: d.hours.map(function (h) { return h + ":00"; }), inverse: true, axisLabel: { color: color("quiet"), interval: 5 } }),
        visualMap: scale(d.cells, 2, d.unit),
        series: [{ type: "heatmap", data: d.cells, progressive: 0 }],
      });
    },
    calendar: function (d, narrow) {
      return Object.assign(base(), {
        tooltip: tip({ formatter: function (i) { return i.value[0] + "  " + rounded(i.value[1]) + " " + d.unit; } }),
        visualMap: Object.assign(scale(d.cells, 1, d.unit), narrow ? { bottom: 0 } : {}),
        calendar: {
          range: [d.from, d.to], orient: narrow ? "vertical" : "horizontal", cellSize: narrow ? ["auto", 10] : ["auto", "auto"],
          left: narrow ? 60 : 44, right: 12, top: narrow ? 26 : 24, bottom: narrow ? undefined : 56,
          itemStyle: { color: color("paper"), borderColor: color("card"), borderWidth: 1 }, splitLine: { lineStyle: { color: color("quiet"), width: 1 } },
          yearLabel: { show: false }, monthLabel: { color: color("quiet"), nameMap: d.lang === "zh" ? "ZH" : "EN" }, dayLabel: { color: color("quiet"), firstDay: 1, nameMap: d.lang === "zh" ? "ZH" : "EN" },
        },
        series: [{ type: "heatmap", coordinateSystem: "calendar", data: d.cells }],
      });
    },
    mix: function (d) {
      var total = d.parts.reduce(function (sum, p) { return sum + p.value; }, 0);
      return Object.assign(base(), {
        tooltip: tip({ formatter: function (i) { return i.name + ": " + rounded(i.value) + " " + d.unit + " (" + i.percent + " %)"; } }),
        series: [{
          type: "pie", radius: ["42%", "70%"], itemStyle: { borderColor: color("card"), borderWidth: 2 },
          label: { color: color("ink"), formatter: "{b} {d} %" }, labelLine: { lineStyle: { color: color("quiet") } },
          data: d.parts.filter(function (p) { return p.value > 0 && p.value >= total / 1000; }),
        }],
      });
    },
  };

  // scale colours from the smallest to the largest value, outliers cut.
  function scale(cells, at, unit) {
    var values = cells.map(function (c) { return c[at]; }).sort(function (a, b) { return a - b; });
    var low = values[Math.floor(values.length * 0.01)] || 0, high = values[Math.floor(values.length * 0.99)] || 1;
    return {
      min: low, max: Math.max(high, low + 1e-9), orient: "horizontal", left: "center", bottom: 0, itemHeight: 120, itemWidth: 12,
      text: [rounded(high) + " " + unit, rounded(low) + " " + unit], textStyle: { color: color("quiet") }, calculable: false,
      inRange: { color: [0, 1, 2, 3, 4].map(function (i) { return color("heat" + i); }) },
    };
  }

  function show(element) {
    var data = JSON.parse(document.getElementById(element.dataset.from).textContent);
    var chart = echarts.init(element, null, { renderer: "canvas" });
    chart.setOption(draw[element.dataset.kind](data, element.clientWidth < 560));
    return { chart: chart, element: element, data: data };
  }
  function again() {
    charts.forEach(function (c) {
      c.chart.resize();
      c.chart.setOption(draw[c.element.dataset.kind](c.data, c.element.clientWidth < 560), true);
    });
  }
  // A link to what a number rests on opens beside the page; without a script, or
  // where that fails, it is a link as any other.
  var drawer = document.getElementById("drawer");
  function open(link) {
    fetch(link.href, { headers: { Accept: "text/html" } }).then(function (r) {
      if (!r.ok) throw new Error(r.statusText);
      return r.text();
    }).then(function (text) {
      var tree = new DOMParser().parseFromString(text, "text/html").querySelector(".tree");
      var body = drawer.querySelector(".body");
      body.replaceChildren(tree);
      drawer.querySelector(".whole").href = link.href;
      if (!drawer.open) drawer.showModal();
    }).catch(function () { location.assign(link.href); });
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest('a[href^="/explain?"]');
    if (!link || link.matches(".whole") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link);
  });

  if (typeof echarts === "undefined") { root.classList.remove("js"); return; }
  document.querySelectorAll(".plot").forEach(function (element) { charts.push(show(element)); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  var waiting = 0;
  addEventListener("resize", function () { clearTimeout(waiting); waiting = setTimeout(again, 120); });
  root.dataset.drawn = String(charts.length);
})();
