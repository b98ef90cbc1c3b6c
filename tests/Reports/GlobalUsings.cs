global using PretrainBench.Core.Runs;
