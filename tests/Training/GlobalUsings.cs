global using PretrainBench.Core;
global using static TorchSharp.torch;
