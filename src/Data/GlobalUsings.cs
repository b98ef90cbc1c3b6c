global using PretrainBench.Core;
