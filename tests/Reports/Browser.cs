using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PretrainBench.Reports.Tests;

/// <summary>Opens pages in headless Chromium and reports what a reader would trip over.</summary>
internal static partial class Browser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    // Added to a copy of the page. Plotly answers a pointer after a while, so the probe waits before it looks.
    private const string Probe =
        """
        <script>
        addEventListener('load', async () => {
          const wait = ms => new Promise(done => setTimeout(done, ms));
          const page = document.documentElement;
          const found = {overflow: page.scrollWidth - page.clientWidth, cut: [], covered: [], charts: 0, hovers: [],
            hidden: 0, requests: performance.getEntriesByType('resource').map(entry => entry.name)};
          for (const part of document.querySelectorAll('details')) part.open = true;
          await wait(300);
          const point = element => {
            const r = element.getBoundingClientRect();
            return {bubbles: true, view: window, clientX: (r.left + r.right) / 2, clientY: (r.top + r.bottom) / 2};
          };
          for (const chart of document.querySelectorAll('.js-plotly-plot')) {
            found.charts++;
            const name = chart.getAttribute('aria-label');
            const box = chart.getBoundingClientRect();
            const kinds = '.xtick text,.ytick text,.legendtext,.xtitle,.ytitle,.textpoint text';
            const texts = [...chart.querySelectorAll(kinds)]
              .filter(t => t.textContent.trim()).map(t => [t.textContent, t.getBoundingClientRect()]);
            for (const [text, r] of texts)
              if (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1)
                found.cut.push(name + ': ' + text);
            for (let i = 0; i < texts.length; i++)
              for (let j = 0; j < i; j++) {
                const [a, b] = [texts[i][1], texts[j][1]];
                if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4)
                  found.covered.push(name + ': ' + texts[j][0] + ' / ' + texts[i][0]);
              }
            const marks = chart.querySelectorAll('.scatterlayer .point');
            for (const text of chart.querySelectorAll('.contourlabels text')) {
              const a = text.getBoundingClientRect();
              for (const mark of marks) {
                const b = mark.getBoundingClientRect();
                if (text.textContent.trim() && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4)
                  found.covered.push(name + ': ' + text.textContent + ' / a run');
              }
            }
            const mark = marks[marks.length - 1];
            if (mark) {
              chart.scrollIntoView();
              chart.querySelector('.nsewdrag').dispatchEvent(new MouseEvent('mousemove', point(mark)));
              await wait(200);
              found.hovers.push([...chart.querySelectorAll('.hoverlayer text')].map(t => t.textContent).join(' '));
            }
          }
          const toggle = document.querySelector('.legendtoggle');
          if (toggle) {
            const chart = toggle.closest('.js-plotly-plot');
            for (const type of ['mousedown', 'mouseup']) toggle.dispatchEvent(new MouseEvent(type, point(toggle)));
            await wait(800);
            found.hidden = chart._fullData.filter(trace => trace.visible === 'legendonly').length;
          }
          const out = document.createElement('pre');
          out.id = 'probe';
          out.textContent = JSON.stringify(found);
          document.body.append(out);
        });
        </script>
        """;

    /// <summary>What the probe found: page overflow in pixels, texts cut off or covering each other, what a pointer was
    /// told at a point of each chart, how many traces a click on the first legend hid, what was asked of a network,
    /// console messages.</summary>
    public sealed record Findings(double Overflow, string[] Cut, string[] Covered, int Charts, string[] Hovers,
        int Hidden, string[] Requests, string[] Console);

    public static Findings Inspect(string html, int width, params string[] options)
    {
        string folder = Directory.CreateTempSubdirectory("pretrainbench-page-").FullName;
        try
        {
            string page = Path.Combine(folder, "page.html");
            int end = html.LastIndexOf("</body>", StringComparison.Ordinal);
            File.WriteAllText(page, html[..end] + Probe + "</body></html>");
            (string dom, string log) = Run(folder, [$"--window-size={width},900", "--dump-dom", .. options, page]);
            Match match = ProbeResult().Match(dom);
            Assert.True(match.Success, "The browser did not finish the page: " + log);
            string json = System.Net.WebUtility.HtmlDecode(match.Groups[1].Value);
            Findings found = JsonSerializer.Deserialize<Findings>(json, JsonSerializerOptions.Web)!;
            return found with
            {
                Console = [.. log.Split('\n').Where(l => l.Contains("CONSOLE", StringComparison.Ordinal))],
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (string Output, string Log) Run(string folder, string[] options)
    {
        ProcessStartInfo start = new(Find()) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] fixedOptions =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--force-device-scale-factor=1",
            "--virtual-time-budget=15000", "--user-data-dir=" + Path.Combine(folder, "profile"),
        ];
        foreach (string option in fixedOptions.Concat(options))
        {
            start.ArgumentList.Add(option);
        }

        using Process process = Process.Start(start)!;
        Task<string> log = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, log.Result);
    }

    private static string Find()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? found = Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        return found ?? throw new InvalidOperationException(
            "No Chromium on PATH. Pages are checked in a real browser: install the package chromium "
                + "(as root, ./scripts/test.sh does).");
    }

    [GeneratedRegex("<pre id=\"probe\">(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex ProbeResult();
}
