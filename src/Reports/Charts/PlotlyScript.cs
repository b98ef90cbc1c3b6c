using System.Reflection;

namespace PretrainBench.Reports.Charts;

/// <summary>The scripts that draw figures inside a page: plotly's own, from its package, and a few lines that choose
/// colours for light, dark and paper.</summary>
internal static class PlotlyScript
{
    private static readonly Lazy<string> LazyLibrary = new(() =>
    {
        using var embedded = typeof(PlotlyScript).Assembly.GetManifestResourceStream("Plotly.NET.dll")!;
        var image = new byte[embedded.Length];
        embedded.ReadExactly(image);
        var package = Assembly.Load(image);
        var name = package.GetManifestResourceNames()
            .Single(name => name.EndsWith(".min.js", StringComparison.Ordinal));
        using var reader = new StreamReader(package.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    });

    /// <summary>plotly, with its licence's lines at the head.</summary>
    public static string Library => LazyLibrary.Value;

    /// <summary>Draws every figure of the page, those in folded parts when they are unfolded, again when the reader's
    /// colours change, and in light colours and the width of a sheet while printing.</summary>
    public static string Drawing { get; } =
        $$"""
        (() => {
          const dark = {{Palette.DarkOfLight}};
          const isDark = matchMedia('(prefers-color-scheme: dark)');
          const save = (format, icon, scale) => ({name: 'Save as ' + format.toUpperCase(), icon,
            click: gd => Plotly.downloadImage(gd, {format, scale, filename: gd.dataset.file,
              width: gd.clientWidth, height: gd.clientHeight})});
          const config = {displaylogo: false, responsive: true,
            modeBarButtonsToAdd: [save('svg', Plotly.Icons.disk, 1), save('png', Plotly.Icons.camera, 3)],
            modeBarButtonsToRemove: ['toImage', 'lasso2d', 'select2d', 'autoScale2d']};
          const draw = (figure, width) => {
            const text = figure.querySelector('script').textContent;
            const spec = JSON.parse(isDark.matches && !width
              ? text.replace(/"(#[0-9a-f]{6})/g, (whole, hex) => '"' + (dark[hex] || hex)) : text);
            if (width) spec.layout.width = width;
            spec.layout.uirevision = 'kept';
            Plotly.react(figure.querySelector('.chart'), spec.data, spec.layout, config);
          };
          const shown = () => [...document.querySelectorAll('figure')].filter(f => !f.closest('details:not([open])'));
          const drawAll = width => shown().forEach(figure => draw(figure, width));
          drawAll();
          document.addEventListener('toggle', () => shown().filter(f => !f.querySelector('.main-svg'))
            .forEach(figure => draw(figure)), true);
          isDark.addEventListener('change', () => drawAll());
          addEventListener('beforeprint', () => drawAll(640));
          addEventListener('afterprint', () => drawAll());
        })();

        """;
}
