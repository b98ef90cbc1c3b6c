global using PretrainBench.Core;
global using PretrainBench.Core.Configuration;
global using PretrainBench.Core.Files;
global using PretrainBench.Models;
global using TorchSharp;
global using static TorchSharp.torch;
