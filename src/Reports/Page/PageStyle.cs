namespace PretrainBench.Reports.Page;

/// <summary>The style sheet of pages; colours come from the palette of the charts.</summary>
internal static class PageStyle
{
    /// <summary>The style sheet.</summary>
    public const string Css =
        """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
        body{margin:0;background:var(--paper);color:var(--ink);
          font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        main{max-width:76rem;margin:0 auto;padding:1rem 1.25rem}
        h1{font-size:1.45rem;line-height:1.2;margin:.1rem 0 .5rem;letter-spacing:-.01em}
        h2{font-size:1.35rem;line-height:1.3;margin:2.75rem 0 .75rem;padding-top:.9rem;border-top:1px solid var(--rule)}
        h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
        p{margin:.6rem 0}
        a{color:var(--c0)}
        .kicker{margin:0;color:var(--ink-2);font-size:.85rem;letter-spacing:.06em;text-transform:uppercase}
        .answer{font-size:1.15rem;line-height:1.45;margin:.2rem 0}
        .note{color:var(--ink-2);font-size:.9rem}
        .warning{border-left:3px solid var(--warn);background:var(--panel);padding:.6rem .9rem}
        .formula{font-size:1.1rem;padding:.25rem 0 .25rem 1.5rem}
        .math{font-family:"STIX Two Text","Cambria","Times New Roman","DejaVu Serif",serif;
          font-style:italic;white-space:nowrap}
        .formula .math{white-space:normal}
        sub,sup{line-height:0;font-size:.75em}
        code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
        pre{background:var(--panel);padding:.8rem 1rem;overflow-x:auto;line-height:1.45}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;
          margin:1.5rem 0 0;padding:0;font-size:.9rem}
        .scroll{overflow-x:auto;max-width:100%}
        figure{margin:1.25rem 0;min-width:0}
        figcaption{color:var(--ink-2);font-size:.9rem;margin-bottom:.5rem}
        figcaption strong{color:var(--ink)}
        .chart{width:100%}
        .pair .chart{max-width:44rem}
        .beside{display:grid;grid-template-columns:minmax(0,1.25fr) minmax(0,1fr);gap:.25rem 1.5rem;align-items:start}
        .beside ul{margin:.2rem 0;padding-left:1.1rem;font-size:.85rem;line-height:1.4}
        .beside figure{margin:.25rem 0}
        .beside table{font-size:.76rem;margin:.25rem 0}
        .beside thead th{white-space:normal}
        .beside th,.beside td{padding:.2rem .5rem .2rem 0}
        @media (max-width:60rem){.beside{display:block}}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,29rem),1fr));gap:0 2.25rem}
        .pair figure{display:grid;grid-template-rows:subgrid;grid-row:span 2;align-content:start}
        table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;margin:.75rem 0}
        caption{text-align:left;color:var(--ink-2);padding-bottom:.4rem}
        th,td{padding:.28rem .8rem .28rem 0;text-align:left;vertical-align:top;font-weight:400;
          border-bottom:1px solid var(--grid)}
        thead th{font-weight:600;border-bottom:1px solid var(--rule);vertical-align:bottom}
        .number{text-align:right;padding-left:.8rem;padding-right:.9rem;white-space:nowrap}
        tbody th{white-space:nowrap}
        .scroll:focus-visible{outline:2px solid var(--c0);outline-offset:2px}
        tbody tr.muted{color:var(--ink-2)}
        tbody tr.strong>*{font-weight:600}
        details{margin:1rem 0}
        summary{cursor:pointer;color:var(--ink-2)}
        footer{max-width:76rem;margin:2rem auto 0;padding:1rem 1.25rem 2.5rem;color:var(--ink-2);font-size:.85rem}
        @media print{
        @page{margin:16mm 14mm}
        body{font-size:10.5pt}
        main{max-width:none;padding:0}
        nav{display:none}
        h2,h3,figcaption,caption{break-after:avoid}
        figure,tr,.warning{break-inside:avoid}
        thead{display:table-header-group}
        .scroll{overflow:visible}
        .modebar{display:none!important}
        .pair,.pair figure,.beside{display:block}
        table{font-size:7.5pt}
        th,td{padding-right:.45rem}
        .number{padding-left:.3rem;padding-right:.45rem}
        thead th.number,tbody th{white-space:normal}
        details:not([open]){display:none}
        a{color:inherit;text-decoration:none}
        }

        """;
}
