global using PretrainBench.Core;
global using TorchSharp;
global using static TorchSharp.torch;
